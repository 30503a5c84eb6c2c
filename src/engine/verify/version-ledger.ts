/** Set in the word of the sent version: the key may rightly be absent. */
const MAY_BE_ABSENT = 0x8000_0000
const VERSION_MASK = 0x7fff_ffff
const WORDS_PER_KEY = 2

/**
 * The versions of every key that were sent and acknowledged, for all load
 * threads together: 8 bytes a key.
 *
 * A key is written by one connection only, so its versions are in order and
 * its words have one writer. Any thread may read them; what it reads may be a
 * moment old, which at worst takes an old value for a fresh one.
 */
export class VersionLedger {
  readonly #words: Uint32Array<SharedArrayBuffer>
  readonly #keys: number

  /** Memory for keys 1 to `keys`. */
  static allocate(keys: number): SharedArrayBuffer {
    return new SharedArrayBuffer(keys * WORDS_PER_KEY * Uint32Array.BYTES_PER_ELEMENT)
  }

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Uint32Array(memory)
    this.#keys = this.#words.length / WORDS_PER_KEY
  }

  /** The version that the next write of a key has; only its owner may ask. @param removes the write is a delete */
  nextVersion(key: number, removes: boolean): number {
    const at = this.#at(key)
    const word = Atomics.load(this.#words, at)
    const version = (word + 1) & VERSION_MASK
    Atomics.store(this.#words, at, version | (removes ? MAY_BE_ABSENT : word & MAY_BE_ABSENT))
    return version
  }

  /** The server carried a write out; only the key's owner may say so. @param removes the write was a delete */
  acknowledge(key: number, version: number, removes: boolean): void {
    const at = this.#at(key)
    if (version > Atomics.load(this.#words, at + 1)) Atomics.store(this.#words, at + 1, version)
    // With a later write under way, which may be a delete, absence stays possible.
    if (!removes && version === this.sent(key)) Atomics.store(this.#words, at, version)
  }

  /** From now until the next acknowledged write the key may be absent; only its owner may say so. */
  allowAbsence(key: number): void {
    Atomics.or(this.#words, this.#at(key), MAY_BE_ABSENT)
  }

  /** Highest version sent; 0 for none, and for keys that nobody writes. */
  sent(key: number): number {
    return key > this.#keys ? 0 : Atomics.load(this.#words, this.#at(key)) & VERSION_MASK
  }

  /** Highest version acknowledged; 0 for none. */
  acknowledged(key: number): number {
    return key > this.#keys ? 0 : Atomics.load(this.#words, this.#at(key) + 1)
  }

  /** Whether the key was deleted, is being deleted, or lost its value to a write that failed. */
  mayBeAbsent(key: number): boolean {
    return key > this.#keys || Atomics.load(this.#words, this.#at(key)) >= MAY_BE_ABSENT
  }

  #at(key: number): number {
    return (key - 1) * WORDS_PER_KEY
  }
}
