/** Count, sum, extremes and deviation of a series of numbers, in its unit; keeps none of them. */
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

  /** 0 where there is nothing, as are the others. */
  get average(): number {
    return this.count === 0 ? 0 : this.sum / this.count
  }

  get min(): number {
    return this.count === 0 ? 0 : this.#min
  }

  get max(): number {
    return this.#max
  }

  /** Of a sample: divided by one less than the count. */
  get deviation(): number {
    if (this.count < 2) return 0
    const squares = this.#sumOfSquares - (this.sum * this.sum) / this.count
    // Rounding may leave a little less than nothing.
    return Math.sqrt(Math.max(0, squares) / (this.count - 1))
  }
}
