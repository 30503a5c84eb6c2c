const CACHED_VIEWS = 4096
const CACHED_VIEW_MAX_BYTES = 512

/** A block of memory for replies, with the views that sockets were given of it. */
export class ReplyBuffer {
  readonly bytes: Buffer
  readonly #onReleased: (buffer: ReplyBuffer) => void
  readonly #views: (Buffer | null)[] = new Array(CACHED_VIEWS).fill(null)
  readonly #starts = new Uint32Array(CACHED_VIEWS)
  readonly #lengths = new Uint32Array(CACHED_VIEWS)
  #holders = 0

  /** @param onReleased called when no socket has bytes of the block any longer */
  constructor(length: number, onReleased: (buffer: ReplyBuffer) => void) {
    this.bytes = Buffer.allocUnsafeSlow(length)
    this.#onReleased = onReleased
  }

  /** Whether a socket still has bytes of the block to send. */
  get held(): boolean {
    return this.#holders > 0
  }

  /** To be called by whoever could not send its bytes at once. */
  hold(): void {
    this.#holders++
  }

  release(): void {
    this.#holders--
    if (this.#holders === 0) this.#onReleased(this)
  }

  /**
   * The bytes in [start, end). Short replies come again at the same places in
   * turn after turn: making a view for each would cost more than rendering it.
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
