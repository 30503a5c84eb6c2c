/** A sweep runs ten times within the shortest time-out, within these limits, and whenever a time-out is due. */
const SHORTEST_INTERVAL_MS = 5
const LONGEST_INTERVAL_MS = 100
/** Most connections checked per ms, on average. */
const CONNECTIONS_PER_MS = 1000
/** Skipped sweeps in a row: more late ones are no standstill but a flood of bytes, which must not stop the time-outs. */
const HELD_UP_LOOKS = 3

interface TimeoutSweepOptions {
  readonly shortestTimeoutMs: number
  /** Number of connections that a sweep checks. */
  readonly connectionCount: () => number
  /** Ends connections that have waited too long. @returns when the next time-out is due; Infinity when that is not known */
  readonly look: (nowMs: number) => number
  /** Monotonic ms. */
  readonly clock: () => number
}

/** Checks connections for time-outs. After a standstill of this thread it lets replies be read first. */
export class TimeoutSweep {
  readonly #options: TimeoutSweepOptions
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #dueMs = 0
  /** Late sweeps in a row. */
  #heldUpLooks = 0

  constructor(options: TimeoutSweepOptions) {
    this.#options = options
    this.#intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, options.shortestTimeoutMs / 10))
  }

  /** Between start() and stop(). */
  get watching(): boolean {
    return this.#timer !== undefined
  }

  start(): void {
    this.#lookIn(this.#intervalMs)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #lookIn(delayMs: number): void {
    this.#dueMs = this.#options.clock() + delayMs
    this.#timer = setTimeout(() => this.#look(), delayMs)
  }

  #look(): void {
    const {clock, look, connectionCount} = this.#options
    const nowMs = clock()
    // After a standstill replies may lie unread in the sockets: they come first.
    this.#heldUpLooks = nowMs - this.#dueMs > this.#intervalMs ? this.#heldUpLooks + 1 : 0
    const heldUp = this.#heldUpLooks > 0 && this.#heldUpLooks <= HELD_UP_LOOKS
    const nextMs = heldUp ? nowMs + SHORTEST_INTERVAL_MS : Math.min(nowMs + this.#intervalMs, look(nowMs))
    // The end of the last connection has stopped the sweep.
    if (this.watching) this.#lookIn(Math.max(1, connectionCount() / CONNECTIONS_PER_MS, nextMs - nowMs))
  }
}
