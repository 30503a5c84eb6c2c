import {RING_CAPACITY, unrolled} from '../generator/number-ring.js'

/** Bits of a note. */
export const noteBits = {
  read: 1,
  write: 2,
  /** The write is a delete. */
  removes: 4,
  /** The read may rightly find nothing. */
  mayBeAbsent: 8,
  /** Another key of the same call follows. */
  more: 16,
  /** The value of the read has come. */
  seen: 32,
  /** A witness read, which asks what is there before a write; not one of the load's. */
  witness: 64,
} as const

/** Notes of the calls under way on one connection, key by key, oldest first: a ring that grows. */
export class CallNotes {
  #keys = new Uint32Array(RING_CAPACITY)
  #versions = new Uint32Array(RING_CAPACITY)
  #bits = new Uint8Array(RING_CAPACITY)
  #head = 0
  count = 0

  /** Adds a note. @param version that a read must find, or that a write has */
  push(key: number, version: number, bits: number): void {
    if (this.count === this.#keys.length) this.#grow()
    const at = this.#slot(this.count++)
    this.#keys[at] = key
    this.#versions[at] = version
    this.#bits[at] = bits
  }

  /** @param place 0 for the oldest */
  key(place: number): number {
    return this.#keys[this.#slot(place)]!
  }

  version(place: number): number {
    return this.#versions[this.#slot(place)]!
  }

  has(place: number, bit: number): boolean {
    return (this.#bits[this.#slot(place)]! & bit) !== 0
  }

  markSeen(place: number): void {
    this.#bits[this.#slot(place)]! |= noteBits.seen
  }

  /** Removes the oldest. */
  shift(): void {
    this.#head = this.#slot(1)
    this.count--
  }

  #slot(place: number): number {
    return (this.#head + place) & (this.#keys.length - 1)
  }

  #grow(): void {
    const head = this.#head
    const size = this.#keys.length * 2
    this.#keys = unrolled({from: this.#keys, to: new Uint32Array(size), head})
    this.#versions = unrolled({from: this.#versions, to: new Uint32Array(size), head})
    this.#bits = unrolled({from: this.#bits, to: new Uint8Array(size), head})
    this.#head = 0
  }
}
