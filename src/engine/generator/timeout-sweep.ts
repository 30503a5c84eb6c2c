/** Looks ten times within the shortest time-out, within these limits, and when a time-out is due. */
const SHORTEST_INTERVAL_MS = 5
const LONGEST_INTERVAL_MS = 100
/** At most so many connections are looked at in each ms, on the average. */
const CONNECTIONS_PER_MS = 1000
/** More late looks in a row are no standstill: what floods this thread with bytes would keep it from ever looking. */
const HELD_UP_LOOKS = 3

interface TimeoutSweepOptions {
  readonly shortestTimeoutMs: number
  /** Connections that a look goes through. */
  readonly connectionCount: () => number
  /** Ends what has waited too long. @returns when the next time-out is due; Infinity when that is not known */
  readonly look: (nowMs: number) => number
  /** Monotonic ms. */
  readonly clock: () => number
}

/** Looks for connections that have waited too long. After a standstill of our own it lets their replies be read first. */
export class TimeoutSweep {
  readonly #options: TimeoutSweepOptions
  readonly #intervalMs: number
  #timer: NodeJS.Timeout | undefined
  #dueMs = 0
  /** Late looks in a row. */
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
    // After a standstill the replies may lie unread in the sockets: they come first.
    this.#heldUpLooks = nowMs - this.#dueMs > this.#intervalMs ? this.#heldUpLooks + 1 : 0
    const heldUp = this.#heldUpLooks > 0 && this.#heldUpLooks <= HELD_UP_LOOKS
    const nextMs = heldUp ? nowMs + SHORTEST_INTERVAL_MS : Math.min(nowMs + this.#intervalMs, look(nowMs))
    // The end of the last connection has stopped the sweep.
    if (this.watching) this.#lookIn(Math.max(1, connectionCount() / CONNECTIONS_PER_MS, nextMs - nowMs))
  }
}
