import {createRequire} from 'node:module'

type StringWidth = typeof import('string-width').default

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are what is taken out
const sgrPattern = /\u001B\[[\d;]*m/g
// Characters that take one cell everywhere: ASCII, Latin, dashes, plain arrows, box drawing, blocks and the signs of the UI.
const narrowPattern = /^[ -~¡-¬®-ʯ–—‘’“”…←↑→↓─-▟►◄●✓✖✗]*$/
let exact: StringWidth | undefined

/**
 * Takes the place of string-width (see quick-imports.ts): the same answers, but
 * what the UI draws in nearly every case is counted without the tables of emoji,
 * which take a fifth of the time to the first frame to load.
 */
const stringWidth: StringWidth = (text, options) => {
  if (typeof text === 'string' && options === undefined) {
    const plain = text.includes('\u001B') ? text.replaceAll(sgrPattern, '') : text
    if (narrowPattern.test(plain)) return plain.length
  }
  exact ??= (createRequire(import.meta.url)('string-width') as {default: StringWidth}).default
  return exact(text, options)
}

// biome-ignore lint/style/noDefaultExport: string-width is imported by its default export
export default stringWidth
