/** Connections by the time of their next call: a binary heap of slot numbers. */
export class DueQueue {
  readonly #slots: Int32Array
  readonly #dues: Float64Array
  #size = 0

  /** @param capacity most slots queued at a time */
  constructor(capacity: number) {
    this.#slots = new Int32Array(capacity)
    this.#dues = new Float64Array(capacity)
  }

  get size(): number {
    return this.#size
  }

  /** When the next slot is due; Infinity when none is queued. */
  get nextDueMs(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#dues[0]!
  }

  /** The slot that is due next; the queue must not be empty. */
  get nextSlot(): number {
    return this.#slots[0]!
  }

  push(slot: number, dueMs: number): void {
    let at = this.#size++
    while (at > 0) {
      const parent = (at - 1) >> 1
      if (this.#dues[parent]! <= dueMs) break
      this.#move(parent, at)
      at = parent
    }
    this.#put(at, slot, dueMs)
  }

  clear(): void {
    this.#size = 0
  }

  /** Removes the next slot. */
  drop(): void {
    this.#size--
    if (this.#size > 0) this.#sink(this.#slots[this.#size]!, this.#dues[this.#size]!)
  }

  /** Moves the next slot to another time. */
  delay(dueMs: number): void {
    this.#sink(this.#slots[0]!, dueMs)
  }

  #sink(slot: number, dueMs: number): void {
    let at = 0
    for (;;) {
      let child = 2 * at + 1
      if (child >= this.#size) break
      if (child + 1 < this.#size && this.#dues[child + 1]! < this.#dues[child]!) child++
      if (this.#dues[child]! >= dueMs) break
      this.#move(child, at)
      at = child
    }
    this.#put(at, slot, dueMs)
  }

  #move(from: number, to: number): void {
    this.#put(to, this.#slots[from]!, this.#dues[from]!)
  }

  #put(at: number, slot: number, dueMs: number): void {
    this.#slots[at] = slot
    this.#dues[at] = dueMs
  }
}
