/**
 * Ranks 1 to `count`, rank k with a probability proportional to 1 / k^exponent:
 * exact, without tables and at a cost that does not grow with the count.
 * Source: W. Hörmann, G. Derflinger, "Rejection-inversion to generate variates
 * from monotone discrete distributions", ACM TOMACS 6(3), 1996.
 */
export class Zipf {
  readonly #count: number
  readonly #exponent: number
  readonly #random: () => number
  /** Area of the hat function from the first rank, less the rank's own mass, to behind the last. */
  readonly #first: number
  readonly #last: number
  /** A draw this close under its rank is accepted without a look at the areas. */
  readonly #closeEnough: number

  /** @param random gives a number from 0 up to but not 1 */
  constructor({count, exponent, random}: {count: number; exponent: number; random: () => number}) {
    this.#count = count
    this.#exponent = exponent
    this.#random = random
    this.#first = this.#area(1.5) - 1
    this.#last = this.#area(count + 0.5)
    this.#closeEnough = 2 - this.#inverseArea(this.#area(2.5) - 2 ** -exponent)
  }

  next(): number {
    for (;;) {
      const area = this.#last + this.#random() * (this.#first - this.#last)
      const at = this.#inverseArea(area)
      const rank = Math.min(this.#count, Math.max(1, Math.round(at)))
      if (rank - at <= this.#closeEnough || area >= this.#area(rank + 0.5) - rank ** -this.#exponent) return rank
    }
  }

  /** Integral of x^-exponent from 1. */
  #area(x: number): number {
    const log = Math.log(x)
    return log * quotientOfExpm1((1 - this.#exponent) * log)
  }

  #inverseArea(area: number): number {
    // Rounding may carry an area beyond what the hat function reaches.
    const scaled = Math.max(-1, area * (1 - this.#exponent))
    return Math.exp(area * quotientOfLog1p(scaled))
  }
}

/** expm1(x) / x, also near 0, where the quotient itself loses its digits. */
function quotientOfExpm1(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.expm1(x) / x : 1 + x / 2
}

/** log1p(x) / x, also near 0. */
function quotientOfLog1p(x: number): number {
  return Math.abs(x) > 1e-8 ? Math.log1p(x) / x : 1 - x / 2
}
