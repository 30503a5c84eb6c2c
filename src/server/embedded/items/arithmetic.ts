const MODULO = 1n << 64n

export type CounterVerb = 'incr' | 'decr'

/** memcached's incr wraps at 2^64; its decr stops at 0. */
export function addDelta(value: bigint, delta: bigint, verb: CounterVerb): bigint {
  if (verb === 'incr') return (value + delta) % MODULO
  return delta > value ? 0n : value - delta
}
