/**
 * Kind of a reply, by the first word of its last line: a `get` ends as `end`, a bare number is `number`, any other
 * word `unknown`. Replies to meta commands are words of two letters; `va` is followed by a data block.
 */
export type ReplyKind =
  | 'stored'
  | 'not_stored'
  | 'exists'
  | 'not_found'
  | 'deleted'
  | 'touched'
  | 'number'
  | 'end'
  | 'ok'
  | 'version'
  | 'reset'
  | 'busy'
  | 'badclass'
  | 'error'
  | 'client_error'
  | 'server_error'
  | 'hd'
  | 'va'
  | 'en'
  | 'nf'
  | 'ns'
  | 'ex'
  | 'mn'
  | 'me'
  | 'unknown'

const kindOfWord: Readonly<Record<string, ReplyKind>> = {
  STORED: 'stored',
  NOT_STORED: 'not_stored',
  EXISTS: 'exists',
  NOT_FOUND: 'not_found',
  DELETED: 'deleted',
  TOUCHED: 'touched',
  END: 'end',
  OK: 'ok',
  VERSION: 'version',
  RESET: 'reset',
  BUSY: 'busy',
  BADCLASS: 'badclass',
  ERROR: 'error',
  CLIENT_ERROR: 'client_error',
  SERVER_ERROR: 'server_error',
  HD: 'hd',
  VA: 'va',
  EN: 'en',
  NF: 'nf',
  NS: 'ns',
  EX: 'ex',
  MN: 'mn',
  ME: 'me',
}

/** Words whose line does not end the reply (`mg`: lru_crawler mgdump); lines `key=…` (metadump) do not either. */
const continuingWords = ['VALUE', 'STAT', 'ITEM', 'PREFIX', 'mg']

interface Candidate {
  readonly word: Uint8Array
  readonly kind: ReplyKind | 'value' | 'more'
}

/** Candidates by first byte, so that a line is compared with two or three words without making a string. */
const candidatesByFirstByte: readonly (readonly Candidate[])[] = buildCandidates()

const SPACE = 0x20
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39

/**
 * Classifies one line: `value` when a data block follows and then more, `va` when a data block ends the reply,
 * `more` when the reply goes on, else the kind of the whole reply.
 */
export function classifyLine(bytes: Uint8Array, start: number, end: number): ReplyKind | 'value' | 'more' {
  const first = bytes[start]
  if (first === undefined || start >= end) return 'unknown'
  if (first >= DIGIT_0 && first <= DIGIT_9) return isNumber(bytes, start, end) ? 'number' : 'unknown'
  for (const {word, kind} of candidatesByFirstByte[first]!) {
    if (startsWith({bytes, start, end, word})) return kind
  }
  return 'unknown'
}

/** memcached pads a decremented number with spaces. */
function isNumber(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start
  while (at < end && bytes[at]! >= DIGIT_0 && bytes[at]! <= DIGIT_9) at++
  while (at < end && bytes[at] === SPACE) at++
  return at === end
}

function startsWith(line: {bytes: Uint8Array; start: number; end: number; word: Uint8Array}): boolean {
  const {bytes, start, end, word} = line
  const wordEnd = start + word.length
  if (wordEnd > end) return false
  for (let i = 0; i < word.length; i++) if (bytes[start + i] !== word[i]) return false
  // `key=` is its own delimiter.
  return wordEnd === end || bytes[wordEnd] === SPACE || word.at(-1) === 0x3d
}

function buildCandidates(): Candidate[][] {
  const table: Candidate[][] = Array.from({length: 256}, () => [])
  const add = (word: string, kind: Candidate['kind']): void => {
    table[word.charCodeAt(0)]!.push({word: new TextEncoder().encode(word), kind})
  }
  for (const [word, kind] of Object.entries(kindOfWord)) add(word, kind)
  for (const word of continuingWords) add(word, word === 'VALUE' ? 'value' : 'more')
  add('key=', 'more')
  return table
}
