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
