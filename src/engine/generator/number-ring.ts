/** Capacity of a new ring; capacities are powers of two. */
export const RING_CAPACITY = 4

type Column = Float64Array | Uint32Array | Uint8Array

/** Copies a full ring's column into a larger one, the oldest entry first. @returns the larger column */
export function unrolled<T extends Column>({from, to, head}: {from: T; to: T; head: number}): T {
  const size = from.length
  for (let i = 0; i < size; i++) to[i] = from[(head + i) & (size - 1)]!
  return to
}

/** A queue of numbers in a ring that grows: no object per entry. */
export class NumberRing {
  #numbers = new Float64Array(RING_CAPACITY)
  #head = 0
  count = 0

  /** The oldest number; the ring must not be empty. */
  get first(): number {
    return this.#numbers[this.#head]!
  }

  push(value: number): void {
    if (this.count === this.#numbers.length) this.#grow()
    this.#numbers[(this.#head + this.count++) & (this.#numbers.length - 1)] = value
  }

  /** Removes the oldest number. */
  shift(): number {
    const value = this.#numbers[this.#head]!
    this.#head = (this.#head + 1) & (this.#numbers.length - 1)
    this.count--
    return value
  }

  #grow(): void {
    this.#numbers = unrolled({
      from: this.#numbers,
      to: new Float64Array(this.#numbers.length * 2),
      head: this.#head,
    })
    this.#head = 0
  }
}
