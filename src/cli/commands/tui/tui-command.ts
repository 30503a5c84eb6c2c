import {type Command, Option} from 'commander'
import {nearestNames} from '../../../engine/plan/did-you-mean.js'
import type {Address} from '../../../protocol/address.js'
import {type ThemeName, themeNames} from '../../../ui/draw/theme.js'
import type {CliContext, RegisterCommand} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {addServer, readInteger} from '../../options/option-readers.js'
import {stopUntilContinued} from './job-control.js'
import {speaksUtf8} from './speaks-utf8.js'
import {bufferStderr} from './stderr-buffer.js'

interface TuiOptions {
  readonly pair?: boolean
  readonly fps: number
  readonly readonly?: boolean
  readonly theme: ThemeName
  readonly server?: readonly Address[]
}

/** What `repbench` does without a subcommand. */
export const registerTui: RegisterCommand = (program, context) => {
  program
    .usage('[options] [command]')
    .argument('[words...]')
    .addOption(new Option('--pair', 'launch an embedded pair at once').conflicts('readonly'))
    .option('--server <host:port>', 'show a running server (may be given several times)', addServer)
    .option('--readonly', 'only look: launch, stop, freeze and load nothing')
    .addOption(new Option('--theme <name>', 'colours').choices(themeNames).default('dark'))
    .option('--fps <n>', 'pictures a second, 1 to 10', readFps, 5)
    // So that a mistyped command is what the message is about, and not the options after it.
    .allowUnknownOption()
    .addHelpText('after', '\nWithout a command, the terminal UI opens; it launches nothing until asked.')
    .action(
      context.action(async (words: string[], options: TuiOptions) => {
        if (words[0] !== undefined) throw unknownWord(words[0], program)
        return runTui(options, context)
      }),
    )
}

async function runTui({pair = false, fps, ...options}: TuiOptions, context: CliContext): Promise<ExitCode | number> {
  const {stdin, stdout, stderr, env, shutdown} = context
  requireTerminal(context)
  const colour = prepareColour(env)
  // Ink paints nothing until the end where it believes to run in a build; this is a terminal.
  delete env.CI
  const [{startUi}, {createUiPorts}] = await Promise.all([
    import('../../../ui/shell/start-ui.js'),
    import('../../ui-host/ports.js'),
  ])
  const ports = createUiPorts(context, {servers: options.server, readonly: options.readonly})
  const left = Promise.withResolvers<number>()
  const release = bufferStderr(stderr.raw)
  const ui = startUi({
    ports,
    stdin,
    stdout: stdout.raw,
    stderr: stderr.raw,
    fps,
    term: env.TERM,
    utf8: speaksUtf8(env),
    theme: colour ? options.theme : 'mono',
    readonly: options.readonly ?? false,
    pair,
    stopProcess: stopUntilContinued,
    onQuit: reason => (reason === 'interrupt' ? shutdown.request('SIGINT') : left.resolve(exitCodes.pass)),
  })
  process.on('SIGTSTP', () => ui.suspend())
  // Ink would end the program with it; a file that may not grow is an error of its write.
  process.on('SIGXFSZ', () => {})
  // Node.js would tell on the terminal that a debugger may come.
  process.on('SIGUSR1', () => {})
  shutdown.add(async () => {
    await ui.unmount()
    release()
    const report = await ui.lastReport()
    await ports.close()
    if (report !== null) stdout.write(`${report.trimEnd()}\n`)
  })
  const hangUp = () => shutdown.hangUp()
  stdin.once('end', hangUp).once('error', hangUp)
  const onSignal = () => left.resolve(exitCodeOfSignal(shutdown.received ?? 'SIGTERM'))
  shutdown.signal.addEventListener('abort', onSignal, {once: true})
  if (shutdown.signal.aborted) onSignal()
  return Promise.race([left.promise, ui.exited.then(() => exitCodes.pass)])
}

function requireTerminal({stdin, stdout, env}: CliContext): void {
  const headless = 'use repbench up, load, verify, console or node (see repbench --help)'
  for (const [name, stream] of Object.entries({stdin, stdout})) {
    if (!stream.isTTY) throw new UsageError(`the UI needs a terminal: ${name} is not a TTY; ${headless}`)
  }
  if (env.TERM === 'dumb') throw new UsageError(`the UI needs a terminal: TERM is dumb; ${headless}`)
}

/** Ink's colours ignore NO_COLOR, and read FORCE_COLOR when they are imported. */
function prepareColour(env: NodeJS.ProcessEnv): boolean {
  const colour = env.NO_COLOR === undefined || env.NO_COLOR === ''
  if (!colour) env.FORCE_COLOR = '0'
  return colour
}

function readFps(text: string): number {
  return readInteger({text, what: 'pictures a second', min: 1, max: 10})
}

function unknownWord(word: string, program: Command): UsageError {
  const isOption = word.startsWith('-')
  const names = isOption
    ? program.options.flatMap(({long}) => (long == null ? [] : [long]))
    : program.commands.map(command => command.name())
  const near = nearestNames(word, names)
  const hint = near.length === 0 ? '' : `; did you mean ${near.join(' or ')}?`
  return new UsageError(`unknown ${isOption ? 'option' : 'command'} '${word}'${hint}; see repbench --help`)
}
