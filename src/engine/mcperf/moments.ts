/** Count, sum, extremes and deviation of a series of numbers, in its unit; does not keep the numbers. */
export class Moments {
  count = 0
  sum = 0
  #sumOfSquares = 0
  #min = Number.POSITIVE_INFINITY
  #max = 0

  add(value: number): void {
    this.count++
    this.sum += value
    this.#sumOfSquares += value * value
    if (value < this.#min) this.#min = value
    if (value > this.#max) this.#max = value
  }

  addAll(other: Moments): void {
    this.count += other.count
    this.sum += other.sum
    this.#sumOfSquares += other.#sumOfSquares
    this.#min = Math.min(this.#min, other.#min)
    this.#max = Math.max(this.#max, other.#max)
  }

  reset(): void {
    this.count = this.sum = this.#sumOfSquares = this.#max = 0
    this.#min = Number.POSITIVE_INFINITY
  }

  /** 0 for an empty series, as are the others. */
  get average(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  get min(): number {
    return this.count === 0 ? 0 : this.#min
  }

  get max(): number {
    return this.#max
  }

  /** Standard deviation of a sample: divided by the count less one. */
  get deviation(): number {
    if (this.count < 2) return 0
    const squares = this.#sumOfSquares - (this.sum * this.sum) / this.count
    // Rounding may give a number just below 0.
    return Math.sqrt(Math.max(0, squares) / (this.count - 1))
  }
}
