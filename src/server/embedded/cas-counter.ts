/** Cas uniques that a node may draw in a millisecond before it runs ahead of the clock. */
const DRAWN_PER_MS = 1024
const WORD = 2 ** 32

interface Cas {
  readonly high: number
  readonly low: number
}

/** Draws a node's cas uniques, each greater than all before. */
export class CasCounter {
  readonly #last = {high: 0, low: 0}
  #wallMs: (() => number) | null = null
  #seenMs = 0

  /**
   * From now on they follow the wall clock. A node that was restarted would
   * else begin at 1 again, and what its clients write before it has met its peer
   * would lose against all that the peer had before that.
   */
  followClock(wallMs: () => number = Date.now): void {
    this.#wallMs = wallMs
  }

  /** Draws one; the object is reused. */
  next(): Cas {
    if (this.#wallMs !== null) this.#catchUp(this.#wallMs())
    const last = this.#last
    last.low = (last.low + 1) >>> 0
    if (last.low === 0) last.high = (last.high + 1) >>> 0
    return last
  }

  /** Makes every one drawn from now on greater than this one (a Lamport clock's rule). */
  witness(high: number, low: number): void {
    const last = this.#last
    if (high < last.high || (high === last.high && low <= last.low)) return
    last.high = high
    last.low = low
  }

  #catchUp(nowMs: number): void {
    if (nowMs <= this.#seenMs) return
    this.#seenMs = nowMs
    const cas = nowMs * DRAWN_PER_MS
    this.witness(Math.floor(cas / WORD), cas % WORD)
  }
}
