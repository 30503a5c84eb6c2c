const FIRST_CAPACITY = 4

/** The calls of one connection that wait for their replies, oldest first: a ring that grows, no object for a call. */
export class PendingCalls {
  #intendedMs = new Float64Array(FIRST_CAPACITY)
  #sentMs = new Float64Array(FIRST_CAPACITY)
  #methods = new Uint8Array(FIRST_CAPACITY)
  #head = 0
  count = 0

  push(intendedMs: number, sentMs: number, method: number): void {
    if (this.count === this.#intendedMs.length) this.#grow()
    const at = (this.#head + this.count++) & (this.#intendedMs.length - 1)
    this.#intendedMs[at] = intendedMs
    this.#sentMs[at] = sentMs
    this.#methods[at] = method
  }

  /** Of the oldest call, when there is one. */
  get intendedMs(): number {
    return this.#intendedMs[this.#head]!
  }

  get sentMs(): number {
    return this.#sentMs[this.#head]!
  }

  /** Its place in the plan's mix. */
  get method(): number {
    return this.#methods[this.#head]!
  }

  /** Takes the oldest out. */
  shift(): void {
    this.#head = (this.#head + 1) & (this.#intendedMs.length - 1)
    this.count--
  }

  #grow(): void {
    const size = this.#intendedMs.length
    const unrolled = <T extends Float64Array | Uint8Array>(from: T, to: T): T => {
      for (let i = 0; i < size; i++) to[i] = from[(this.#head + i) & (size - 1)]!
      return to
    }
    this.#intendedMs = unrolled(this.#intendedMs, new Float64Array(size * 2))
    this.#sentMs = unrolled(this.#sentMs, new Float64Array(size * 2))
    this.#methods = unrolled(this.#methods, new Uint8Array(size * 2))
    this.#head = 0
  }
}
