import {readUnsigned} from './ascii.js'

/**
 * Numbers as memcached reads them with C's strtol and strtoull: spaces and a sign
 * may come before the digits, a space and any text after them, and a value above 32
 * bits is cut to them. Plain decimals, which clients send, take a fast path.
 */

const LARGEST_64 = (1n << 64n) - 1n
const LARGEST_SIGNED_64 = (1n << 63n) - 1n
const number = /^[\t\n\v\f\r ]*([+-]?)(\d+)(?:[\0\t\n\v\f\r ]|$)/

/** Flags: an unsigned 32-bit number, or NaN. */
export function readUint32(bytes: Buffer, start: number, end: number): number {
  const plain = readUnsigned(bytes, start, end)
  if (plain <= 0xffff_ffff) return plain
  const value = readUint64(bytes, start, end)
  return value === null ? Number.NaN : Number(value & 0xffff_ffffn)
}

/** Lengths and exptimes: a signed 32-bit number, or NaN. */
export function readInt32(bytes: Buffer, start: number, end: number): number {
  const plain = readUnsigned(bytes, start, end)
  if (plain <= 0x7fff_ffff) return plain
  const {negative, digits} = readParts(bytes, start, end)
  if (digits === null || digits > LARGEST_SIGNED_64 + (negative ? 1n : 0n)) return Number.NaN
  return Number(BigInt.asIntN(32, negative ? -digits : digits))
}

/** Deltas, cas uniques and counters: an unsigned 64-bit number, or null. */
export function readUint64(bytes: Buffer, start: number, end: number): bigint | null {
  const plain = readUnsigned(bytes, start, end)
  if (!Number.isNaN(plain)) return BigInt(plain)
  const {negative, digits} = readParts(bytes, start, end)
  if (digits === null || digits > LARGEST_64) return null
  const value = BigInt.asUintN(64, negative ? -digits : digits)
  // memcached looks for a minus sign only when the value is negative as a signed number.
  return value > LARGEST_SIGNED_64 && bytes.subarray(start, end).includes('-') ? null : value
}

/** The number at the start of a text, of any size; 0 without one. */
export function readLeadingInteger(bytes: Buffer, start: number, end: number): bigint {
  const [, sign, digits = '0'] = /^[\t\n\v\f\r ]*([+-]?)(\d+)/.exec(bytes.toString('latin1', start, end)) ?? []
  return sign === '-' ? -BigInt(digits) : BigInt(digits)
}

function readParts(bytes: Buffer, start: number, end: number): {negative: boolean; digits: bigint | null} {
  const [, sign, digits] = number.exec(bytes.toString('latin1', start, end)) ?? []
  return {negative: sign === '-', digits: digits === undefined ? null : BigInt(digits)}
}
