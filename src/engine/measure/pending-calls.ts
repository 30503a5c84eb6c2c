import {RING_CAPACITY, unrolled} from '../generator/number-ring.js'

/** A call that waits for its reply. */
export interface PendingCall {
  readonly intendedMs: number
  readonly sentMs: number
  /** Index in the plan's mix, or one of the marks below. */
  readonly method: number
  readonly key: number
  /** Bytes of its value; for a read, the number of its keys. */
  readonly size: number
}

/** The calls of one connection that wait for their replies, oldest first: a ring that grows, no object per call. */
export class PendingCalls {
  #intendedMs = new Float64Array(RING_CAPACITY)
  #sentMs = new Float64Array(RING_CAPACITY)
  #methods = new Uint8Array(RING_CAPACITY)
  #keys = new Uint32Array(RING_CAPACITY)
  #sizes = new Uint32Array(RING_CAPACITY)
  #head = 0
  count = 0

  /** Copies the call: the caller may reuse its object. */
  push(call: PendingCall): void {
    if (this.count === this.#intendedMs.length) this.#grow()
    const at = (this.#head + this.count++) & (this.#intendedMs.length - 1)
    this.#intendedMs[at] = call.intendedMs
    this.#sentMs[at] = call.sentMs
    this.#methods[at] = call.method
    this.#keys[at] = call.key
    this.#sizes[at] = call.size
  }

  /** Of the oldest call; so are all below. */
  get intendedMs(): number {
    return this.#intendedMs[this.#head]!
  }

  get sentMs(): number {
    return this.#sentMs[this.#head]!
  }

  /** @param place 0 for the oldest; must be less than count */
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

  /** Removes the oldest call. */
  shift(): void {
    this.#head = (this.#head + 1) & (this.#intendedMs.length - 1)
    this.count--
  }

  #grow(): void {
    const head = this.#head
    const size = this.#intendedMs.length * 2
    this.#intendedMs = unrolled({from: this.#intendedMs, to: new Float64Array(size), head})
    this.#sentMs = unrolled({from: this.#sentMs, to: new Float64Array(size), head})
    this.#methods = unrolled({from: this.#methods, to: new Uint8Array(size), head})
    this.#keys = unrolled({from: this.#keys, to: new Uint32Array(size), head})
    this.#sizes = unrolled({from: this.#sizes, to: new Uint32Array(size), head})
    this.#head = 0
  }
}

/**
 * Mark of a pending call, in one byte: its index in the plan's mix (below 64),
 * with a bit for the second half of a cas, or a call that is no operation.
 */
const CAS_MARK = 0x40

/** A `version` behind the last noreply command: its reply shows that the server has run them all. */
export const BARRIER = 0x80

/** A read of a key before its first write at another server; not an operation of the load. */
export const WITNESS = 0x81

/** The call is not an operation of the load. */
export function isNoOperation(mark: number): boolean {
  return mark >= BARRIER
}

export function asSecondHalf(method: number): number {
  return method | CAS_MARK
}

export function isSecondHalf(mark: number): boolean {
  return (mark & CAS_MARK) !== 0
}

/** Index in the plan's mix. */
export function methodOf(mark: number): number {
  return mark & (CAS_MARK - 1)
}
