/** Cas uniques per millisecond; a node that draws more runs ahead of the clock. */
const DRAWN_PER_MS = 1024
const WORD = 2 ** 32

/**
 * Where cas uniques order versions, clients may choose only those below this:
 * enough greater ones are left for longer than any node runs.
 */
const CHOSEN_BELOW = 1n << 62n
/** High word of 2^63. Where cas uniques order versions, nothing above it is drawn or chosen, so only a foreign one can be greater. */
const FOLLOWED_BELOW_HIGH = 2 ** 31

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
   * From now on cas uniques follow the wall clock. Otherwise a restarted node would
   * begin at 1 again, and what its clients write before it has met its peer would
   * lose against everything the peer has.
   */
  followClock(wallMs: () => number = Date.now): void {
    this.#wallMs = wallMs
  }

  /** Whether the version of an item with the greater cas unique is the newer one. */
  get ordersVersions(): boolean {
    return this.#wallMs !== null
  }

  /** Whether a client may choose this one. */
  mayBeChosen(cas: bigint): boolean {
    return !this.ordersVersions || cas < CHOSEN_BELOW
  }

  /** Whether the peer may send one with this high word: where versions are ordered, only one that a node can draw. */
  follows(high: number): boolean {
    return !this.ordersVersions || high < FOLLOWED_BELOW_HIGH
  }

  /** A client has chosen this one for an item. Where cas uniques order versions, those drawn later are greater. */
  given({high, low}: Cas): void {
    if (this.ordersVersions) this.witness(high, low)
  }

  /** Draws one; the object is reused. */
  next(): Cas {
    if (this.#wallMs !== null) this.#catchUp(this.#wallMs())
    const last = this.#last
    last.low = (last.low + 1) >>> 0
    if (last.low === 0) last.high = (last.high + 1) >>> 0
    return last
  }

  /** Makes every cas unique drawn from now on greater than this one (a Lamport clock's rule). */
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
