const FIRST_WAIT_MS = 100
const LONGEST_WAIT_MS = 5000

/**
 * Calls `attempt` again and again, with growing and random waits in between, so
 * that two nodes that look for each other do not meet half-way for ever.
 */
export class Redial {
  readonly #attempt: () => void
  #timer: NodeJS.Timeout | undefined
  #waitMs = FIRST_WAIT_MS

  constructor(attempt: () => void) {
    this.#attempt = attempt
  }

  /** Plans the next attempt, unless one is planned. */
  schedule(): void {
    if (this.#timer !== undefined) return
    const waitMs = this.#waitMs * (0.5 + Math.random())
    this.#waitMs = Math.min(this.#waitMs * 2, LONGEST_WAIT_MS)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#attempt()
    }, waitMs)
  }

  /** There is a link: the next search begins with short waits. */
  succeeded(): void {
    this.cancel()
    this.#waitMs = FIRST_WAIT_MS
  }

  cancel(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
