import {Command, type Option} from 'commander'
import {expect, test} from 'vitest'
import type {CliContext} from '../../../src/cli/app/context.js'
import {loadCommands} from '../../../src/cli/registry.js'

/** All commands, as the help lists them. */
const program = new Command('repbench')
const context = {action: (body: unknown) => body, version: '0'} as unknown as CliContext
for (const register of await loadCommands(['--help'])) register(program, context)
const help = program.createHelp()

const isOfNodes = (option: Option): boolean => option.helpGroupHeading?.startsWith('Options of the nodes') ?? false

function table(options: readonly Option[]): string {
  const rows = options.map(option => [
    `\`${help.optionTerm(option).replaceAll('|', '\\|')}\``,
    help.optionDescription(option).replaceAll('|', '\\|').replaceAll('<', '\\<').replaceAll('*', '\\*'),
  ])
  const all = [['option', 'what it is'], ...rows]
  const widths = [0, 1].map(column => Math.max(...all.map(row => row[column]!.length)))
  const line = (cells: readonly string[]) => `| ${cells.map((cell, at) => cell.padEnd(widths[at]!)).join(' | ')} |`
  return [line(all[0]!), line(widths.map(width => '-'.repeat(width))), ...rows.map(line)].join('\n')
}

function section(command: Command): string {
  const options = help.visibleOptions(command).filter(option => option.long !== '--help')
  const own = options.filter(option => !isOfNodes(option))
  const parts = [
    `## \`${command === program ? 'repbench' : `repbench ${command.name()}`}\``,
    help.subcommandDescription(command),
    ...(own.length === 0 ? [] : [table(own)]),
    ...(own.length < options.length
      ? ['It takes the [options of the nodes](#options-of-the-nodes-that-are-started), too.']
      : []),
  ]
  return parts.filter(Boolean).join('\n\n')
}

const commands = help.visibleCommands(program)
const nodeOptions = help.visibleOptions(commands.find(command => command.name() === 'up')!).filter(isOfNodes)

const page = `# Options

Every option of every command, made from the tables that flags, forms and completion are made of:
\`npx vitest run test/cli/options/options-page.test.ts -u\`. [cli.md](cli.md) explains the commands.

${[program, ...commands].map(section).join('\n\n')}

## Options of the nodes that are started

${table(nodeOptions)}
`

test('docs/options.md is what the commands say', async () => {
  await expect(page).toMatchFileSnapshot('../../../docs/options.md')
})
