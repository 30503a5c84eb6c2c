/** A machine that slept does not send all that was due meanwhile. */
const CATCH_UP_MOST = 20

/** Calls at fixed times, however late the calls before were. */
export class WriteSchedule {
  readonly #options: {readonly write: () => void; readonly intervalMs: number; readonly offsetMs: number}
  #dueMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(options: {write: () => void; intervalMs: number; offsetMs: number}) {
    this.#options = options
    this.#dueMs = performance.now() + options.offsetMs
    this.#wait()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#call(), Math.max(0, this.#dueMs - performance.now()))
  }

  #call(): void {
    const {write, intervalMs} = this.#options
    const nowMs = performance.now()
    const missed = Math.floor((nowMs - this.#dueMs) / intervalMs) - CATCH_UP_MOST
    if (missed > 0) this.#dueMs += missed * intervalMs
    // A timer may be a little early.
    for (; this.#dueMs <= nowMs + 1; this.#dueMs += intervalMs) write()
    this.#wait()
  }
}
