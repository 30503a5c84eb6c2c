import {readUnsigned64, SPACE} from '../../protocol/ascii.js'

const MODULO = 1n << 64n

export type CounterVerb = 'incr' | 'decr'

/** The number an item holds in bytes[start, end), or null. Old decrements may have left spaces behind it. */
export function readCounter(bytes: Buffer, start: number, end: number): bigint | null {
  let last = end
  while (last > start && bytes[last - 1] === SPACE) last--
  return readUnsigned64(bytes, start, last)
}

/** memcached's incr wraps at 2^64; its decr stops at 0. */
export function addDelta(value: bigint, delta: bigint, verb: CounterVerb): bigint {
  if (verb === 'incr') return (value + delta) % MODULO
  return delta > value ? 0n : value - delta
}
