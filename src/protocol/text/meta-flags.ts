import {decodeBase64Key} from './base64-key.js'
import {readInt32, readUint32, readUint64} from './c-numbers.js'
import type {CommandLine} from './command-line.js'

/** A meta command may have this many words, the command and its key included. */
export const META_WORDS_MAX = 20

const OPAQUE_MAX_BYTES = 32

/** The flags of a meta command. Times are in seconds, as the client gave them. */
export interface MetaFlags {
  /** `b`: the key came in base64; number of decoded bytes, 0 without the flag. */
  decodedKeyBytes: number
  /** `q` */
  quiet: boolean
  /** `v` */
  withValue: boolean
  /** `u`: the read neither bumps the item in its LRU list nor marks it as fetched. */
  leavesNoTrace: boolean
  /** `I` */
  invalidates: boolean
  /** `x`: the item keeps its key and loses its value. */
  dropsValue: boolean
  /** `T` */
  exptime: number | null
  /** `N`: creates an absent item, with this exptime. */
  createExptime: number | null
  /** `R` */
  recacheBelow: number | null
  /** `F` */
  clientFlags: number
  /** `C` */
  cas: bigint | null
  /** `E`: the cas unique that the client chose for the changed item; 0 counts as absent. */
  newCas: bigint | null
  /** `M`, one letter; '' without it. */
  mode: string
  /** `D` */
  delta: bigint
  /** `J` */
  initial: bigint
}

/** memcached's refusals of flags. */
export type MetaRefusal =
  | 'CLIENT_ERROR duplicate flag'
  | 'CLIENT_ERROR invalid flag'
  | 'CLIENT_ERROR bad command line format'
  | 'CLIENT_ERROR bad token in command line format'
  | 'CLIENT_ERROR error decoding key'
  | 'CLIENT_ERROR invalid numeric initial value'
  | 'CLIENT_ERROR invalid numeric delta value'

/** Flags that only choose what is returned, and flags for proxies. */
const echoedFlags = new Set('OkstcflhPL')

const BAD_TOKEN = 'CLIENT_ERROR bad token in command line format'

/**
 * Reads the flags from word `first` on; a base64 key is decoded to `decodedKey`.
 * Like memcached it knows every flag of every meta command, stops at one that is
 * unknown or duplicate, and reports the last of several bad tokens.
 */
export function readMetaFlags(line: CommandLine, first: number, decodedKey: Buffer): MetaFlags | MetaRefusal {
  const flags: MetaFlags = {
    decodedKeyBytes: 0,
    quiet: false,
    withValue: false,
    leavesNoTrace: false,
    invalidates: false,
    dropsValue: false,
    exptime: null,
    createExptime: null,
    recacheBelow: null,
    clientFlags: 0,
    cas: null,
    newCas: null,
    mode: '',
    delta: 1n,
    initial: 0n,
  }
  let refusal: MetaRefusal | null = null
  // One bit for each of the bytes 64 to 127; flags are letters.
  let seenLow = 0
  let seenHigh = 0
  for (let word = first; word < line.count; word++) {
    const byte = line.bytes[line.start(word)]!
    if (byte < 64) return 'CLIENT_ERROR invalid flag'
    if (byte >= 127) return 'CLIENT_ERROR duplicate flag'
    const bit = 1 << (byte & 31)
    if (((byte < 96 ? seenLow : seenHigh) & bit) !== 0) return 'CLIENT_ERROR duplicate flag'
    if (byte < 96) seenLow |= bit
    else seenHigh |= bit
    const result = readFlag(line, word, flags, decodedKey)
    if (result === 'CLIENT_ERROR invalid flag') return result
    if (result === 'CLIENT_ERROR bad command line format') refusal ??= result
    else if (result !== null) refusal = result
  }
  return refusal ?? flags
}

/** Reads one flag; returns its refusal, or null. */
function readFlag(line: CommandLine, word: number, flags: MetaFlags, decodedKey: Buffer): MetaRefusal | null {
  const {bytes} = line
  const token = line.start(word) + 1
  const end = line.end(word)
  switch (flagAt(line, word)) {
    case 'b':
      flags.decodedKeyBytes = decodeBase64Key(bytes, line.start(1), line.end(1), decodedKey)
      return flags.decodedKeyBytes === 0 ? 'CLIENT_ERROR error decoding key' : null
    case 'q':
      flags.quiet = true
      return null
    case 'v':
      flags.withValue = true
      return null
    case 'u':
      flags.leavesNoTrace = true
      return null
    case 'I':
      flags.invalidates = true
      return null
    case 'x':
      flags.dropsValue = true
      return null
    case 'T':
      flags.exptime = readInt32(bytes, token, end)
      return Number.isNaN(flags.exptime) ? BAD_TOKEN : null
    case 'N':
      flags.createExptime = readInt32(bytes, token, end)
      return Number.isNaN(flags.createExptime) ? BAD_TOKEN : null
    case 'R':
      flags.recacheBelow = readInt32(bytes, token, end)
      return Number.isNaN(flags.recacheBelow) ? BAD_TOKEN : null
    case 'F':
      flags.clientFlags = readUint32(bytes, token, end)
      return Number.isNaN(flags.clientFlags) ? 'CLIENT_ERROR bad command line format' : null
    case 'C':
    case 'E':
    case 'D':
    case 'J':
      return readNumber(line, word, flags)
    case 'M':
      // Only the first letter counts; a bare M is an invalid mode.
      flags.mode = end === token ? ' ' : String.fromCharCode(bytes[token]!)
      return null
    default:
      return echoedFlags.has(flagAt(line, word)) ? null : 'CLIENT_ERROR invalid flag'
  }
}

function readNumber(line: CommandLine, word: number, flags: MetaFlags): MetaRefusal | null {
  const start = line.start(word)
  const value = readUint64(line.bytes, start + 1, line.end(word))
  switch (flagAt(line, word)) {
    case 'C':
      flags.cas = value
      return value === null ? BAD_TOKEN : null
    case 'E':
      flags.newCas = value === 0n ? null : value
      return value === null ? BAD_TOKEN : null
    case 'D':
      flags.delta = value ?? 0n
      return value === null ? 'CLIENT_ERROR invalid numeric delta value' : null
    default:
      flags.initial = value ?? 0n
      return value === null ? 'CLIENT_ERROR invalid numeric initial value' : null
  }
}

/** The letter of a flag. */
export function flagAt(line: CommandLine, word: number): string {
  return String.fromCharCode(line.bytes[line.start(word)]!)
}

/** Whether an `O` flag from word `first` on is longer than memcached sends back. */
export function hasLongOpaque(line: CommandLine, first: number): boolean {
  for (let word = first; word < line.count; word++) {
    if (flagAt(line, word) === 'O' && line.length(word) > OPAQUE_MAX_BYTES) return true
  }
  return false
}
