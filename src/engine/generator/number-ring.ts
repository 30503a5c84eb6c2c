const FIRST_CAPACITY = 4

/** Numbers, first in, first out: a ring that grows, no object for an entry. */
export class NumberQueue {
  #numbers = new Float64Array(FIRST_CAPACITY)
  #head = 0
  length = 0

  /** The oldest; only of a queue that is not empty. */
  get first(): number {
    return this.#numbers[this.#head]!
  }

  push(value: number): void {
    if (this.length === this.#numbers.length) this.#grow()
    this.#numbers[(this.#head + this.length++) & (this.#numbers.length - 1)] = value
  }

  /** Takes the oldest out. */
  shift(): number {
    const value = this.#numbers[this.#head]!
    this.#head = (this.#head + 1) & (this.#numbers.length - 1)
    this.length--
    return value
  }

  #grow(): void {
    const old = this.#numbers
    const grown = new Float64Array(old.length * 2)
    grown.set(old.subarray(this.#head))
    grown.set(old.subarray(0, this.#head), old.length - this.#head)
    this.#numbers = grown
    this.#head = 0
  }
}
