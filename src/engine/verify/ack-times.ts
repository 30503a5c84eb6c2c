/** A power of two: so many of the newest acknowledgements are remembered one by one. */
const REMEMBERED = 2 ** 20
const TICKS_PER_MS = 10
const WORDS_PER_ACK = 3

/** One acknowledgement; `atMs` is on the clock that the memory was made with. */
export interface Ack {
  readonly key: number
  readonly version: number
  readonly atMs: number
}

/**
 * When writes were acknowledged, for all load threads together: the last time
 * of every key (4 bytes a key), and the newest million acknowledgements one by
 * one, whatever the number of keys. To a tenth of a millisecond, for five days.
 */
export class AckTimes {
  readonly #last: Uint32Array<SharedArrayBuffer>
  readonly #ring: Uint32Array<SharedArrayBuffer>
  readonly #count: Int32Array<SharedArrayBuffer>

  /** Memory for keys 1 to `keys`. */
  static allocate(keys: number): SharedArrayBuffer {
    const words = keys + REMEMBERED * WORDS_PER_ACK + 1
    return new SharedArrayBuffer(words * Uint32Array.BYTES_PER_ELEMENT)
  }

  constructor(memory: SharedArrayBuffer) {
    const words = new Uint32Array(memory)
    const ringWords = REMEMBERED * WORDS_PER_ACK
    this.#last = words.subarray(0, words.length - ringWords - 1)
    this.#ring = words.subarray(this.#last.length, this.#last.length + ringWords)
    this.#count = new Int32Array(memory, (words.length - 1) * Uint32Array.BYTES_PER_ELEMENT, 1)
  }

  /** @param atMs above 0; on the same clock for all threads */
  note(key: number, version: number, atMs: number): void {
    const ticks = Math.max(1, Math.round(atMs * TICKS_PER_MS))
    this.#last[key - 1] = ticks
    const at = (Atomics.add(this.#count, 0, 1) & (REMEMBERED - 1)) * WORDS_PER_ACK
    this.#ring[at] = key
    this.#ring[at + 1] = version
    this.#ring[at + 2] = ticks
  }

  /** When a write of the key was last acknowledged; null for never. */
  lastMs(key: number): number | null {
    const ticks = this.#last[key - 1] ?? 0
    return ticks === 0 ? null : ticks / TICKS_PER_MS
  }

  /** The acknowledgements that are remembered, in no order; only after the load has ended. */
  *remembered(): Generator<Ack> {
    const count = this.hasForgotten ? REMEMBERED : Atomics.load(this.#count, 0)
    for (let at = 0; at < count * WORDS_PER_ACK; at += WORDS_PER_ACK) {
      yield {key: this.#ring[at]!, version: this.#ring[at + 1]!, atMs: this.#ring[at + 2]! / TICKS_PER_MS}
    }
  }

  /** There were more than are remembered, or just as many. */
  get hasForgotten(): boolean {
    // The count itself begins anew after 2^32.
    return this.#ring.at(-1)! > 0
  }
}
