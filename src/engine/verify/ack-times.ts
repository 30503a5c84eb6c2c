/** How many of the newest acknowledgements are remembered one by one; a power of two. */
const REMEMBERED = 2 ** 20
const TICKS_PER_MS = 10
const WORDS_PER_ACK = 3
const BETWEEN_THREADS_MS = 100

/** One acknowledged write. */
export interface Ack {
  readonly key: number
  readonly version: number
  /** On the clock of the notes. */
  readonly atMs: number
  /** It was a delete. */
  readonly removes: boolean
}

/** Set in the word of a remembered version. */
const REMOVES = 0x8000_0000
const VERSION_MASK = 0x7fff_ffff

/**
 * When writes were acknowledged; memory shared by all load threads. Has the
 * last time of every key (4 bytes a key) and the newest million
 * acknowledgements one by one. To a tenth of a millisecond, for five days.
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

  /** Notes one acknowledgement. @param atMs above 0, on one clock for all threads @param removes it was a delete */
  note(key: number, version: number, atMs: number, removes: boolean): void {
    const ticks = Math.max(1, Math.round(atMs * TICKS_PER_MS))
    this.#last[key - 1] = ticks
    const at = (Atomics.add(this.#count, 0, 1) & (REMEMBERED - 1)) * WORDS_PER_ACK
    this.#ring[at] = key
    this.#ring[at + 1] = removes ? version | REMOVES : version
    this.#ring[at + 2] = ticks
  }

  /** When a write of the key was last acknowledged; null for never. */
  lastMs(key: number): number | null {
    const ticks = this.#last[key - 1] ?? 0
    return ticks === 0 ? null : ticks / TICKS_PER_MS
  }

  /** All remembered acknowledgements, in no order; call it after the load. */
  *remembered(): Generator<Ack> {
    const count = this.hasForgotten ? REMEMBERED : Atomics.load(this.#count, 0)
    for (let at = 0; at < count * WORDS_PER_ACK; at += WORDS_PER_ACK) {
      yield this.#ackAt(at)
    }
  }

  /**
   * Acknowledgements since a moment, newest first, while the load goes on. Those
   * of one connection are in order; threads may be a moment apart.
   * @param wants selects keys
   */
  *since(sinceMs: number, wants: (key: number) => boolean): Generator<Ack> {
    const sinceTicks = (sinceMs - BETWEEN_THREADS_MS) * TICKS_PER_MS
    const count = Atomics.load(this.#count, 0)
    const kept = this.hasForgotten ? REMEMBERED : count
    for (let back = 1; back <= kept; back++) {
      const at = ((count - back) & (REMEMBERED - 1)) * WORDS_PER_ACK
      if (this.#ring[at + 2]! < sinceTicks) return
      if (wants(this.#ring[at]!)) yield this.#ackAt(at)
    }
  }

  /** Whether all acknowledgements since a moment are remembered. */
  reachesTo(sinceMs: number): boolean {
    if (!this.hasForgotten) return true
    const oldest = (Atomics.load(this.#count, 0) & (REMEMBERED - 1)) * WORDS_PER_ACK
    return this.#ring[oldest + 2]! / TICKS_PER_MS < sinceMs
  }

  #ackAt(at: number): Ack {
    const word = this.#ring[at + 1]!
    return {
      key: this.#ring[at]!,
      version: word & VERSION_MASK,
      atMs: this.#ring[at + 2]! / TICKS_PER_MS,
      removes: word >= REMOVES,
    }
  }

  /** Some may have been overwritten. */
  get hasForgotten(): boolean {
    // Not by the count: it wraps around after 2^32.
    return this.#ring.at(-1)! > 0
  }
}
