import {keySections} from './components/help.js'
import {keyName} from './keys.js'

/** docs/keys.md: the key table for readers. A test holds the file to it. */
export function keysMarkdown(): string {
  const sections = keySections().map(({title, bindings}) => {
    const rows = bindings.map(({keys, help}) => `| ${keys.map(key => code(keyName(key))).join(' ')} | ${help} |`)
    return [`## ${title}`, '', '| key | does |', '|---|---|', ...rows].join('\n')
  })
  return `${['# Keys of the terminal UI', 'Made from `src/ui/keys.ts` by `npx vitest run test/ui/keys.test.ts -u`.', ...sections].join('\n\n')}\n`
}

function code(text: string): string {
  return `\`${text}\``
}
