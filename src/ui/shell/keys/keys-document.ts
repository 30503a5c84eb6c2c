import {keyName} from '../../core/binding.js'
import {padTo} from '../../draw/text.js'
import {keySections} from '../help/help.js'
import {rows as keyTable} from './keys.js'

const intro = `# Keys of the terminal UI

Made from \`src/ui/shell/keys/keys.ts\` by \`npx vitest run test/ui/shell/keys.test.ts -u\`. A terminal sends the same for alt with a
key as for esc and then that key: where nothing is bound to alt with it, it is taken for the two.`

/** docs/keys.md: the key table for readers. A test holds the file to it. */
export function keysMarkdown(): string {
  const sections = keySections(keyTable).map(({title, bindings}) => {
    const rows = bindings.map(({keys, help}) => [keys.map(key => `\`${keyName(key)}\``).join(' '), help] as const)
    return `## ${title}\n\n${table([['key', 'does'], ...rows])}`
  })
  return `${[intro, ...sections].join('\n\n')}\n`
}

/** A table whose columns are aligned in the source too, as the formatter wants it. */
function table(rows: readonly (readonly [string, string])[]): string {
  const widthOf = (column: 0 | 1) => Math.max(...rows.map(row => row[column].length))
  const widths = [widthOf(0), widthOf(1)] as const
  const line = (first: string, second: string) => `| ${padTo(first, widths[0])} | ${padTo(second, widths[1])} |`
  const [head, ...body] = rows.map(row => line(...row))
  return [head, line('-'.repeat(widths[0]), '-'.repeat(widths[1])), ...body].join('\n')
}
