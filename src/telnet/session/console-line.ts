import {KEY_MAX_BYTES} from '../../protocol/limits.js'

/** What a command line makes the server do. */
export interface ConsoleCommand {
  readonly verb: string
  /** Length of the data block that must follow, without its line end; null = none. */
  readonly dataBytes: number | null
  /** one = exactly one reply · quiet = none where all is as usual (`q` of meta commands) · errors = none but an error */
  readonly answer: 'one' | 'quiet' | 'errors'
}

const storageVerbs: ReadonlySet<string> = new Set(['set', 'add', 'replace', 'append', 'prepend', 'cas'])
/** How many words each has before a `noreply`, at least; others take the word for a key. */
const noreplyAfter: ReadonlyMap<string, number> = new Map([
  ...Array.from(storageVerbs, verb => [verb, 2] as const),
  ['delete', 2],
  ['incr', 2],
  ['decr', 2],
  ['touch', 2],
  ['flush_all', 1],
  ['verbosity', 1],
])
const quietFlagVerbs: ReadonlySet<string> = new Set(['mg', 'ms', 'md', 'ma'])
const silentVerbs: ReadonlySet<string> = new Set(['quit', 'shutdown'])
const DATA_MAX_BYTES = 2 ** 31 - 3

/**
 * Reads a command line as the server will. A storage command that is malformed
 * gets an error at once and no data block, so none is expected here either.
 */
export function readCommandLine(line: string): ConsoleCommand {
  const words = line.split(' ').filter(word => word !== '')
  return {verb: words[0] ?? '', dataBytes: dataBytesOf(words), answer: answerOf(words)}
}

function answerOf(words: readonly string[]): ConsoleCommand['answer'] {
  const [verb = ''] = words
  if (silentVerbs.has(verb)) return 'errors'
  if (quietFlagVerbs.has(verb)) return words.slice(2).includes('q') ? 'quiet' : 'one'
  const before = noreplyAfter.get(verb)
  return before !== undefined && words.length > before && words.at(-1) === 'noreply' ? 'errors' : 'one'
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
