import {InvalidArgumentError} from 'commander'
import {splitShellWords} from './shell-words.js'

/** Arguments that are passed through: to all nodes, and to one by its name. */
export interface PassedArgs {
  readonly all: readonly string[]
  readonly of: Readonly<Record<string, readonly string[]>>
}

/** Letters of memcached's and repcached's options that have no value; every other has one. */
const SWITCHES = 'ACEFLMSVZdhikrv'
/** Long options without a value; others may have theirs as the next word. */
const LONG_SWITCHES = /^--(resilient|no-replication|debug-commands|like-repcached|verbose|enable-.*|disable-.*)$/

/** Ours to give: with others the node would be elsewhere than everybody believes. */
const ownLetters: ReadonlyMap<string, string> = new Map([
  ['p', '--port'],
  ['l', '--address'],
  ['X', '--port or --crossed-ports'],
  ['x', 'a topology'],
  ['s', 'TCP'],
  ['d', 'repbench, which needs them as its children'],
])
const ownLong: readonly (readonly [RegExp, string])[] = [
  [/^--port\b/, '--port'],
  [/^--listen\b/, '--address'],
  [/^--unix-socket\b/, 'TCP'],
  [/^--daemon/, 'repbench, which needs them as its children'],
]

/**
 * Reads one `--node-args`: options of a node as a shell quotes them, for all nodes or, with `m1=` before them, for one.
 * @throws InvalidArgumentError for words that no node would take as an option, for it would pass over them in silence
 */
export function readNodeArgs(text: string, before: PassedArgs = {all: [], of: {}}): PassedArgs {
  const [, name, rest] = /^([a-z]\d+)=(.*)$/s.exec(text) ?? []
  const words = splitShellWords(rest ?? text)
  if (words.length === 0) throw new InvalidArgumentError(`Expected --node-args such as -vv or m1=-vv, got '${text}'`)
  assertOptions(words)
  if (name === undefined) return {...before, all: [...before.all, ...words]}
  return {...before, of: {...before.of, [name]: [...(before.of[name] ?? []), ...words]}}
}

function assertOptions(words: readonly string[]): void {
  let mayBeValue = false
  for (const word of words) {
    const isOption = /^-[^-]|^--./.test(word)
    if (mayBeValue) {
      // getopt takes whatever comes.
      mayBeValue = false
      continue
    }
    if (!isOption) {
      throw new InvalidArgumentError(`Expected --node-args of options such as -vv or m1=-vv, got '${word}'`)
    }
    mayBeValue = word.startsWith('--') ? takesNextAsLong(word) : takesNext(word)
  }
}

function takesNextAsLong(word: string): boolean {
  const own = ownLong.find(([pattern]) => pattern.test(word))
  if (own !== undefined) throw refusal(word, own[1])
  return !word.includes('=') && !LONG_SWITCHES.test(word)
}

/** Letters may stand together, up to one with a value: `-vvm64`. */
function takesNext(word: string): boolean {
  for (let at = 1; at < word.length; at++) {
    const letter = word[at]!
    const own = ownLetters.get(letter)
    if (own !== undefined) throw refusal(word, own)
    if (!SWITCHES.includes(letter)) return at === word.length - 1
  }
  return false
}

function refusal(word: string, instead: string): InvalidArgumentError {
  return new InvalidArgumentError(`Expected --node-args without ${word} (use ${instead}), got it`)
}
