const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5000

/**
 * Back-off of a resilient node's attempts to connect: the waits grow, and are
 * random so that two nodes do not connect to each other at the same moments.
 */
export class Redial {
  readonly #attempt: () => void
  #timer: NodeJS.Timeout | undefined
  #waitMs = FIRST_WAIT_MS

  constructor(attempt: () => void) {
    this.#attempt = attempt
  }

  /** Schedules the next attempt, unless one is scheduled. */
  schedule(): void {
    if (this.#timer !== undefined) return
    const waitMs = this.#waitMs * (0.5 + Math.random())
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#attempt()
    }, waitMs)
  }

  /** The link is up: cancels, and starts the next search with short waits. */
  succeeded(): void {
    this.cancel()
    this.#waitMs = FIRST_WAIT_MS
  }

  cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
