/** Distribution of mcperf's `--conn-rate`, `--call-rate` and `--sizes`: seconds from one to the next, or bytes. */
export type Distribution =
  /** No rate: the next one starts when the one before it is complete. */
  | {readonly kind: 'none'}
  | {readonly kind: 'deterministic'; readonly value: number}
  | {readonly kind: 'exponential'; readonly mean: number}
  | {readonly kind: 'uniform'; readonly min: number; readonly max: number}
  /** min, min + 1, min + 2 …: not in mcperf's help. */
  | {readonly kind: 'sequential'; readonly min: number}

/** Draws the same numbers from a distribution as mcperf. */
export class Draws {
  readonly #distribution: Distribution
  readonly #random: Erand48
  #count = 0

  /** @param client the number of this instance (`--client`): the seed */
  constructor(distribution: Distribution, client: number) {
    this.#distribution = distribution
    this.#random = new Erand48([0x1234 ^ client, 0x5678 ^ (client << 8), 0x9abc ^ ~client])
  }

  next(): number {
    const distribution = this.#distribution
    switch (distribution.kind) {
      case 'none':
        return 0
      case 'deterministic':
        return distribution.value
      case 'exponential':
        return -distribution.mean * Math.log(1 - this.#random.next())
      case 'uniform':
        return distribution.min + (distribution.max - distribution.min) * this.#random.next()
      case 'sequential':
        return distribution.min + this.#count++
    }
  }
}

/** The nearest integer, the even one of two, as C's lrint. */
export function roundHalfToEven(value: number): number {
  const floor = Math.floor(value)
  const rest = value - floor
  if (rest !== 0.5) return rest < 0.5 ? floor : floor + 1
  return floor % 2 === 0 ? floor : floor + 1
}

/** X' = (A · X + 11) mod 2^48, with A and X in halves of 24 bits, so that every product is exact in a double. */
const HALF = 2 ** 24
const MULTIPLIER_HIGH = 0x5de
const MULTIPLIER_LOW = 0xece66d
const INCREMENT = 11

/** POSIX's erand48: the same numbers from the same state as C's. */
export class Erand48 {
  #high: number
  #low: number

  /** @param xsubi the three 16-bit words of the state, lowest first */
  constructor([low, middle, high]: readonly [number, number, number]) {
    this.#high = ((high & 0xffff) << 8) | ((middle & 0xffff) >>> 8)
    this.#low = ((middle & 0xff) << 16) | (low & 0xffff)
  }

  /** From 0 up to but not 1. */
  next(): number {
    const low = this.#low * MULTIPLIER_LOW + INCREMENT
    const carry = Math.floor(low / HALF)
    this.#high = (carry + this.#high * MULTIPLIER_LOW + this.#low * MULTIPLIER_HIGH) % HALF
    this.#low = low - carry * HALF
    return (this.#high * HALF + this.#low) / (HALF * HALF)
  }
}
