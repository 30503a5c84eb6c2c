/**
 * memcached's `-R`: how many commands one connection may run before others get
 * their turn. What has just been read gets one more, as in memcached.
 */
export class TurnBudget {
  readonly #limit: number
  #left = 0
  #resumed = false

  /** @param limit 0 = none */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Bytes have come, or those that had to wait are taken up again. */
  begin(): void {
    if (this.#limit === 0) return
    this.#left = this.#limit + (this.#resumed ? 0 : 1)
    this.#resumed = false
  }

  /** Counts a command; true when it was the last one for now. */
  spend(): boolean {
    // Without a limit this begins at 0, which is never reached again.
    return --this.#left === 0
  }

  /** Others had their turn. */
  resume(): void {
    this.#resumed = true
  }
}
