import {Random} from './random.js'

/**
 * Format of self-describing values; all numbers little-endian, 32 bits unless noted:
 *
 *     whole (24 bytes or more):  'rv'  writer (16)  run  key  version  length  checksum  filler …
 *     short (8 to 23 bytes):     version  checksum  filler …
 *
 * The checksum covers all fields, also those that a short value leaves out.
 * The filler is a slice of one constant stream, from an offset given by the
 * checksum: a reader compares it byte by byte, so that long values need no
 * checksum over all bytes, and no cut, shifted or mixed-up value passes.
 */
export const VALUE_MIN_BYTES = 8
export const WHOLE_MIN_BYTES = 24

/** First two bytes of a whole value. */
export const MAGIC = 0x7672

/** Offsets of the fields of a whole value. */
export const fieldAt = {magic: 0, writer: 2, run: 4, key: 8, version: 12, length: 16, checksum: 20} as const

/** Offsets of the fields of a short value. */
export const shortFieldAt = {version: 0, checksum: 4} as const

/** Number of offsets in the stream at which fillers begin. */
const FILLER_STARTS = 64 * 1024
const FILLER_SEED = 0x7265_7062

/** Writer of a short value, which has no field for it. */
export const NO_WRITER = 0

export interface ValueFields {
  /** Of the run that wrote it. */
  runId: number
  key: number
  /** Of the key, from 1. */
  version: number
  /** The connection that wrote it. */
  writer: number
  /** Bytes of the whole value. */
  size: number
}

export function checksumOf({runId, key, version, writer, size}: Readonly<ValueFields>): number {
  return mix(mix(mix(mix(mix(MAGIC, runId), key), version), writer), size) >>> 0
}

/** Offset in the stream of the filler of a value with this checksum. */
export function fillerStart(checksum: number): number {
  return checksum & (FILLER_STARTS - 1)
}

/** The stream that fillers of up to `largestBytes` bytes are slices of: pseudo-random, the same everywhere. */
export function makeFiller(largestBytes: number): Buffer {
  const words = new Uint32Array(Math.ceil((FILLER_STARTS + largestBytes) / 4))
  const {next} = new Random({seed: FILLER_SEED, stream: 0})
  for (let at = 0; at < words.length; at++) words[at] = next() * 2 ** 32
  return Buffer.from(words.buffer)
}

/** One step of a multiplicative hash: every bit of the word reaches the bits above it, the shift those below. */
function mix(hash: number, word: number): number {
  const product = Math.imul(hash ^ word, 0x9e37_79b1)
  return Math.imul(product ^ (product >>> 15), 0x85eb_ca6b) ^ (product >>> 13)
}
