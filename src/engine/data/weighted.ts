/** Draws indexes of a list by weight. */
export class Weighted {
  readonly #weights: readonly number[]
  readonly #total: number
  readonly #random: () => number

  /** @param random gives a number from 0 up to but not 1 */
  constructor({weights, random}: {weights: readonly number[]; random: () => number}) {
    this.#weights = weights
    this.#total = weights.reduce((sum, weight) => sum + weight, 0)
    this.#random = random
  }

  next(): number {
    let left = this.#random() * this.#total
    for (let place = 0; place < this.#weights.length - 1; place++) {
      left -= this.#weights[place]!
      if (left < 0) return place
    }
    return this.#weights.length - 1
  }
}
