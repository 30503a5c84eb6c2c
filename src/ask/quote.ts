import {quoted} from '../protocol/printable.js'

/** Bytes of a server's line that an error quotes. */
const QUOTED_MOST = 100

/** What a server said, given as latin1, safe to print and short. */
export function inQuotes(said: string): string {
  return `'${quoted(Buffer.from(said, 'latin1'), {most: QUOTED_MOST})}'`
}
