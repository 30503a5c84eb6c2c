/** Bits a key and hashes of it: a key that was not added passes for one in 100,000 cases. */
const BITS_PER_KEY = 24
const HASHES = 16

/**
 * Which keys were seen, in three bytes a key (a Bloom filter; B. H. Bloom, "Space/time trade-offs in hash coding with
 * allowable errors", 1970). Places are double hashed.
 */
export class KeyFilter {
  readonly #bits: Uint32Array
  readonly #places: number

  constructor(keysMax: number) {
    this.#places = Math.max(32, Math.ceil((keysMax * BITS_PER_KEY) / 32) * 32)
    this.#bits = new Uint32Array(this.#places / 32)
  }

  /** @returns whether it is new; never true for a key that was added before */
  add(key: string): boolean {
    let first = 0x811c9dc5
    let second = 0x9747b28c
    for (let at = 0; at < key.length; at++) {
      const byte = key.charCodeAt(at)
      first = Math.imul(first ^ byte, 0x01000193)
      second = Math.imul(second ^ byte, 0x5bd1e995)
      second ^= second >>> 15
    }
    const step = (second | 1) >>> 0
    let place = (first ^ (first >>> 16)) >>> 0
    let isNew = false
    for (let hash = 0; hash < HASHES; hash++) {
      const bit = place % this.#places
      const mask = 1 << (bit & 31)
      if ((this.#bits[bit >>> 5]! & mask) === 0) {
        isNew = true
        this.#bits[bit >>> 5]! |= mask
      }
      place = (place + step) >>> 0
    }
    return isNew
  }
}
