import {readUnsigned64, SPACE} from '../../protocol/ascii.js'

const MODULO = 1n << 64n
const ZERO = 48
const NINE = 57
const PLUS = 43
const MINUS = 45

export type CounterVerb = 'incr' | 'decr'

/**
 * The number that an item holds in bytes[start, end), or null. memcached reads it with strtoull: space
 * around it, a sign and leading zeros do no harm, nor does what follows behind a space.
 */
export function readCounter(bytes: Buffer, start: number, end: number): bigint | null {
  let at = start
  while (at < end && isSpace(bytes[at]!)) at++
  const negative = at < end && bytes[at] === MINUS
  if (negative || (at < end && bytes[at] === PLUS)) at++
  const first = at
  while (at < end && bytes[at]! >= ZERO && bytes[at]! <= NINE) at++
  if (at < end && bytes[at] !== 0 && !isSpace(bytes[at]!)) return null
  let digits = first
  while (digits < at - 1 && bytes[digits] === ZERO) digits++
  const value = readUnsigned64(bytes, digits, at)
  return negative && value !== 0n ? null : value
}

/** As C's isspace: tab, line feed, vertical tab, form feed, carriage return and space. */
function isSpace(byte: number): boolean {
  return byte === SPACE || (byte >= 9 && byte <= 13)
}

/** memcached's incr wraps at 2^64; its decr stops at 0. */
export function addDelta(value: bigint, delta: bigint, verb: CounterVerb): bigint {
  if (verb === 'incr') return (value + delta) % MODULO
  return delta > value ? 0n : value - delta
}
