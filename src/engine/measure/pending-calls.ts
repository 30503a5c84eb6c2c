const FIRST_CAPACITY = 4

/** A call that waits for its reply. */
export interface PendingCall {
  readonly intendedMs: number
  readonly sentMs: number
  /** Its place in the plan's mix, or one of the marks of call-marks.ts. */
  readonly method: number
  readonly key: number
  /** Bytes of its value; of a read, the number of its keys. */
  readonly size: number
}

type Column = Float64Array | Uint32Array | Uint8Array

/** The calls of one connection that wait for their replies, oldest first: a ring that grows, no object for a call. */
export class PendingCalls {
  #intendedMs = new Float64Array(FIRST_CAPACITY)
  #sentMs = new Float64Array(FIRST_CAPACITY)
  #methods = new Uint8Array(FIRST_CAPACITY)
  #keys = new Uint32Array(FIRST_CAPACITY)
  #sizes = new Uint32Array(FIRST_CAPACITY)
  #head = 0
  count = 0

  /** Copies the call: it may be one object that the caller uses again and again. */
  push(call: PendingCall): void {
    if (this.count === this.#intendedMs.length) this.#grow()
    const at = (this.#head + this.count++) & (this.#intendedMs.length - 1)
    this.#intendedMs[at] = call.intendedMs
    this.#sentMs[at] = call.sentMs
    this.#methods[at] = call.method
    this.#keys[at] = call.key
    this.#sizes[at] = call.size
  }

  /** Of the oldest call, when there is one; so are all below. */
  get intendedMs(): number {
    return this.#intendedMs[this.#head]!
  }

  get sentMs(): number {
    return this.#sentMs[this.#head]!
  }

  /** @param place 0 is the oldest; there must be more calls than that */
  sentMsOf(place: number): number {
    return this.#sentMs[(this.#head + place) & (this.#sentMs.length - 1)]!
  }

  get method(): number {
    return this.#methods[this.#head]!
  }

  get key(): number {
    return this.#keys[this.#head]!
  }

  get size(): number {
    return this.#sizes[this.#head]!
  }

  /** Takes the oldest out. */
  shift(): void {
    this.#head = (this.#head + 1) & (this.#intendedMs.length - 1)
    this.count--
  }

  #grow(): void {
    const size = this.#intendedMs.length
    const unrolled = <T extends Column>(from: T, to: T): T => {
      for (let i = 0; i < size; i++) to[i] = from[(this.#head + i) & (size - 1)]!
      return to
    }
    this.#intendedMs = unrolled(this.#intendedMs, new Float64Array(size * 2))
    this.#sentMs = unrolled(this.#sentMs, new Float64Array(size * 2))
    this.#methods = unrolled(this.#methods, new Uint8Array(size * 2))
    this.#keys = unrolled(this.#keys, new Uint32Array(size * 2))
    this.#sizes = unrolled(this.#sizes, new Uint32Array(size * 2))
    this.#head = 0
  }
}
