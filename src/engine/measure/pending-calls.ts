import {RING_CAPACITY, unrolled} from '../generator/number-ring.js'

/** A call that waits for its reply. */
export interface PendingCall {
  readonly intendedMs: number
  readonly sentMs: number
  /** Its place in the plan's mix, or one of the marks below. */
  readonly method: number
  readonly key: number
  /** Bytes of its value; of a read, the number of its keys. */
  readonly size: number
}

/** The calls of one connection that wait for their replies, oldest first: a ring that grows, no object for a call. */
export class PendingCalls {
  #intendedMs = new Float64Array(RING_CAPACITY)
  #sentMs = new Float64Array(RING_CAPACITY)
  #methods = new Uint8Array(RING_CAPACITY)
  #keys = new Uint32Array(RING_CAPACITY)
  #sizes = new Uint32Array(RING_CAPACITY)
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
 * What a pending call is, in one byte: its place in the plan's mix (below 64),
 * with a mark for the second half of a cas, or no operation at all.
 */
const CAS_MARK = 0x40

/** A `version` behind the last noreply command: its reply says that the server has taken them all. */
export const BARRIER = 0x80

/** A read that asks what a server holds before a key is written there for the first time; none of the load's. */
export const WITNESS = 0x81

/** No operation of the load waits for its reply. */
export function isNoOperation(mark: number): boolean {
  return mark >= BARRIER
}

export function asSecondHalf(method: number): number {
  return method | CAS_MARK
}

export function isSecondHalf(mark: number): boolean {
  return (mark & CAS_MARK) !== 0
}

/** Place in the plan's mix. */
export function methodOf(mark: number): number {
  return mark & (CAS_MARK - 1)
}
