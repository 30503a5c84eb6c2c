/** Set in the word of the sent version: the key may rightly be absent. */
const MAY_BE_ABSENT = 0x8000_0000
const VERSION_MASK = 0x7fff_ffff
const WORDS_PER_KEY = 2

/**
 * The newest version sent and acknowledged of every key, in memory shared by
 * all load threads: 8 bytes a key.
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

  /** The version of the next write of a key; only its owner may call it. @param removes the write is a delete */
  nextVersion(key: number, removes: boolean): number {
    const at = this.#at(key)
    const word = Atomics.load(this.#words, at)
    const version = (word + 1) & VERSION_MASK
    Atomics.store(this.#words, at, version | (removes ? MAY_BE_ABSENT : word & MAY_BE_ABSENT))
    return version
  }

  /** A write was acknowledged; only the key's owner may call it. @param removes the write was a delete */
  acknowledge(key: number, version: number, removes: boolean): void {
    const at = this.#at(key)
    if (version > Atomics.load(this.#words, at + 1)) Atomics.store(this.#words, at + 1, version)
    // A later write under way may be a delete: absence stays possible.
    if (!removes && version === this.sent(key)) Atomics.store(this.#words, at, version)
  }

  /** Until the next acknowledged write the key may be absent; only its owner may call it. */
  allowAbsence(key: number): void {
    Atomics.or(this.#words, this.#at(key), MAY_BE_ABSENT)
  }

  /** Newest version sent; 0 for none, and for keys that nobody writes. */
  sent(key: number): number {
    return key > this.#keys ? 0 : Atomics.load(this.#words, this.#at(key)) & VERSION_MASK
  }

  /** Newest version acknowledged; 0 for none. */
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
