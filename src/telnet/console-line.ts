import {KEY_MAX_BYTES} from '../protocol/limits.js'

/** What a command line makes the server do. */
export interface ConsoleCommand {
  readonly verb: string
  /** Length of the data block that must follow, without its line end; null = none. */
  readonly dataBytes: number | null
  readonly expectsReply: boolean
}

const storageVerbs = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas'])
const quietFlagVerbs = new Set(['mg', 'ms', 'md', 'ma'])
const silentVerbs = new Set(['quit', 'shutdown'])
const DATA_MAX_BYTES = 2 ** 31 - 3

/**
 * Reads a command line as the server will. A storage command that is malformed
 * gets an error at once and no data block, so none is expected here either.
 */
export function readCommandLine(line: string): ConsoleCommand {
  const words = line.split(' ').filter(word => word !== '')
  const verb = words[0] ?? ''
  const quiet = quietFlagVerbs.has(verb) && words.slice(2).includes('q')
  return {
    verb,
    dataBytes: dataBytesOf(words),
    expectsReply: !silentVerbs.has(verb) && !quiet && (words.length < 2 || words.at(-1) !== 'noreply'),
  }
}

function dataBytesOf(words: readonly string[]): number | null {
  const [verb = '', key = '', ...rest] = words
  if (Buffer.byteLength(key) > KEY_MAX_BYTES) return null
  if (verb === 'ms') return readLength(rest[0])
  if (!storageVerbs.has(verb)) return null
  const [flags = '', exptime = '', length, ...tail] = rest
  const unique = verb === 'cas' ? tail.shift() : '0'
  const isWellFormed =
    /^\d{1,10}$/.test(flags) && /^-?\d{1,10}$/.test(exptime) && /^\d{1,20}$/.test(unique ?? '') && tail.length <= 1
  return isWellFormed ? readLength(length) : null
}

function readLength(word: string | undefined): number | null {
  if (word === undefined || !/^\d{1,10}$/.test(word)) return null
  const length = Number(word)
  return length <= DATA_MAX_BYTES ? length : null
}
