const CACHED_VIEWS = 4096
const CACHED_VIEW_MAX_BYTES = 512

/** A block of memory for replies, with a cache of the views that sockets are given. */
export class ReplyBuffer {
  readonly bytes: Buffer
  readonly #onReleased: (buffer: ReplyBuffer) => void
  readonly #views: (Buffer | null)[] = new Array(CACHED_VIEWS).fill(null)
  readonly #starts = new Uint32Array(CACHED_VIEWS)
  readonly #lengths = new Uint32Array(CACHED_VIEWS)
  #holders = 0

  /** @param onReleased called when no socket holds bytes of the block any more */
  constructor(length: number, onReleased: (buffer: ReplyBuffer) => void) {
    this.bytes = Buffer.allocUnsafeSlow(length)
    this.#onReleased = onReleased
  }

  /** Whether a socket still has bytes of the block to send. */
  get held(): boolean {
    return this.#holders > 0
  }

  /** Call when a socket did not take its bytes at once. */
  hold(): void {
    this.#holders++
  }

  release(): void {
    this.#holders--
    if (this.#holders === 0) this.#onReleased(this)
  }

  /**
   * The bytes in [start, end). Cached: short replies lie at the same places turn
   * after turn, and making a view costs more than rendering such a reply.
   */
  view(start: number, end: number): Buffer {
    const length = end - start
    if (length > CACHED_VIEW_MAX_BYTES) return this.bytes.subarray(start, end)
    const slot = (start + length) % CACHED_VIEWS
    const cached = this.#views[slot]!
    if (cached !== null && this.#starts[slot] === start && this.#lengths[slot] === length) return cached
    const view = this.bytes.subarray(start, end)
    this.#views[slot] = view
    this.#starts[slot] = start
    this.#lengths[slot] = length
    return view
  }
}
