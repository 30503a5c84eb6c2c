import {KEY_MAX_BYTES} from '../limits.js'
import {
  copyBytes,
  LF,
  readSigned,
  readUnsigned,
  readUnsigned64,
  SPACE,
  writeDecimal,
  writeDecimal64,
  writeText,
} from '../text/ascii.js'
import type {CommandLine} from '../text/command-line.js'

/**
 * repcached's replication stream: text lines in both directions, no reply ever.
 *
 *     rep <key> <flags> <exptime> <bytes> <cas>\r\n<data>\r\n
 *     delete <key>\r\n
 *     flush_all \r\n            flush_all <unixtime>\r\n
 *     marugoto_end\r\n
 *
 * exptime is 0 (never) or absolute Unix seconds. repcached prints flags signed.
 */
export type ReplicationFrame =
  | {
      readonly type: 'rep'
      /** Position of the key in the line's bytes. */
      readonly keyStart: number
      readonly keyEnd: number
      /** Unsigned 32 bit. */
      readonly flags: number
      readonly exptime: number
      /** Length of the value, without its CRLF. */
      readonly bytes: number
      /** The cas unique's unsigned 32-bit halves. */
      readonly casHigh: number
      readonly casLow: number
    }
  | {readonly type: 'delete'; readonly keyStart: number; readonly keyEnd: number}
  /** Absolute Unix seconds; null = now. */
  | {readonly type: 'flushAll'; readonly atSeconds: number | null}
  | {readonly type: 'marugotoEnd'}
  | {
      readonly type: 'malformed'
      readonly text: string
      /** Data to skip, in bytes; unknown: a malformed `rep` without a length, or a line that no peer sends. */
      readonly dataBytes: number | 'none' | 'unknown'
    }

/** Most words of a line that are read: a key of 250 bytes with spaces, and the verb and numbers around it. */
export const FRAME_MAX_WORDS = 130

/** Reads one line of the replication stream. */
export function readFrame(line: CommandLine): ReplicationFrame {
  if (line.count === 6 && line.is(0, 'rep')) return readRep(line)
  if (line.count === 2 && line.is(0, 'delete') && line.length(1) <= KEY_MAX_BYTES) {
    return {type: 'delete', keyStart: line.start(1), keyEnd: line.end(1)}
  }
  if (line.count === 1 && line.is(0, 'flush_all')) return {type: 'flushAll', atSeconds: null}
  if (line.count === 2 && line.is(0, 'flush_all')) {
    const atSeconds = readSigned(line.bytes, line.start(1), line.end(1))
    if (!Number.isNaN(atSeconds)) return {type: 'flushAll', atSeconds}
  }
  if (line.count === 1 && line.is(0, 'marugoto_end')) return {type: 'marugotoEnd'}
  return malformed(line)
}

function readRep(line: CommandLine): ReplicationFrame {
  const bytes = line.bytes
  const flags = readSigned(bytes, line.start(2), line.end(2))
  const exptime = readSigned(bytes, line.start(3), line.end(3))
  const length = readUnsigned(bytes, line.start(4), line.end(4))
  if (Number.isNaN(flags + exptime + length) || line.length(1) > KEY_MAX_BYTES) return malformed(line)
  let casHigh: number
  let casLow: number
  // Nearly every cas unique is exact in a double, which is much faster to read.
  const cas = readUnsigned(bytes, line.start(5), line.end(5))
  if (Number.isNaN(cas)) {
    const long = readUnsigned64(bytes, line.start(5), line.end(5))
    if (long === null) return malformed(line)
    casHigh = Number(long >> 32n)
    casLow = Number(long & 0xffff_ffffn)
  } else {
    casHigh = Math.floor(cas / 0x1_0000_0000)
    casLow = cas >>> 0
  }
  return {
    type: 'rep',
    keyStart: line.start(1),
    keyEnd: line.end(1),
    flags: flags >>> 0,
    exptime,
    bytes: length,
    casHigh,
    casLow,
  }
}

function malformed(line: CommandLine): ReplicationFrame {
  const shown = Math.min(line.count, 6)
  const text = Array.from({length: shown}, (_, word) => line.text(word)).join(' ')
  if (!line.is(0, 'rep')) return {type: 'malformed', text, dataBytes: isVerb(line) ? 'none' : 'unknown'}
  // Counted from the end, because repcached sends a key with spaces (from a binary client) as it is.
  const word = line.count - 2
  const bytes = word >= 4 ? readUnsigned(line.bytes, line.start(word), line.end(word)) : Number.NaN
  return {type: 'malformed', text, dataBytes: Number.isNaN(bytes) ? 'unknown' : bytes}
}

/** Verbs without data. A line with any other first word comes from no peer. */
function isVerb(line: CommandLine): boolean {
  return line.is(0, 'delete') || line.is(0, 'flush_all') || line.is(0, 'marugoto_end')
}

/** Longest `rep` line without its data, in bytes. */
export const REP_LINE_MAX_BYTES = 4 + KEY_MAX_BYTES + 1 + 10 + 1 + 16 + 1 + 16 + 1 + 20 + 2

/** Writes the line of a `rep` frame; the value and its CRLF follow it. Returns the position after it. */
export function writeRepLine(
  target: Buffer,
  at: number,
  item: {
    keyBytes: Buffer
    keyStart: number
    keyEnd: number
    flags: number
    exptime: number
    bytes: number
    casHigh: number
    casLow: number
  },
): number {
  let end = writeText(target, at, 'rep ')
  end = copyBytes(item.keyBytes, item.keyStart, item.keyEnd, target, end)
  target[end++] = 32
  end = writeDecimal(target, end, item.flags)
  target[end++] = 32
  end = writeDecimal(target, end, item.exptime)
  target[end++] = 32
  end = writeDecimal(target, end, item.bytes)
  target[end++] = 32
  end = writeDecimal64(target, end, item.casHigh, item.casLow)
  return writeText(target, end, '\r\n')
}

/**
 * Whether a frame can carry the key. A key with a space, line feed or NUL, which binary clients may use, would end its
 * word or line early, and the peer would take the rest for further frames.
 */
export function isSendableKey(bytes: Buffer, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const byte = bytes[at]!
    if (byte === SPACE || byte === LF || byte === 0) return false
  }
  return true
}

/** Writes a `delete` frame; returns the position after it. */
export function writeDelete(target: Buffer, at: number, keyBytes: Buffer, keyStart: number, keyEnd: number): number {
  let end = writeText(target, at, 'delete ')
  end = copyBytes(keyBytes, keyStart, keyEnd, target, end)
  return writeText(target, end, '\r\n')
}

/** `flush_all \r\n` (with repcached's space), or with absolute Unix seconds. */
export function flushAllFrame(atSeconds: number | null): string {
  return `flush_all ${atSeconds ?? ''}\r\n`
}

/**
 * A resilient node's first frame deletes this key. Another resilient node knows it
 * by that; any other node deletes a key that does not exist.
 */
export const RESILIENT_HELLO_KEY = 'repbench:resilient:1'
export const RESILIENT_HELLO_FRAME = `delete ${RESILIENT_HELLO_KEY}\r\n`

/**
 * A node's first frame after its connection is accepted deletes this key, which does
 * not exist. By any frame an embedded node knows a peer from a stray connection; a
 * joining repcached sends none, and ignores this one.
 */
export const PEER_HELLO_KEY = 'repbench:peer:1'
export const PEER_HELLO_FRAME = `delete ${PEER_HELLO_KEY}\r\n`

export const MARUGOTO_END_FRAME = 'marugoto_end\r\n'
