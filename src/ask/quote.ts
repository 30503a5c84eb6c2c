import {toPrintable} from '../protocol/printable.js'

const QUOTED_MAX_BYTES = 100

/** What a server said, given as latin1, safe to print and short. */
export function inQuotes(said: string): string {
  const beginning = toPrintable(Buffer.from(said.slice(0, QUOTED_MAX_BYTES), 'latin1'))
  return `'${beginning}${said.length > QUOTED_MAX_BYTES ? '…' : ''}'`
}
