/**
 * memcached's `-R`: how many commands one connection may run before other
 * connections get their turn. As in memcached, bytes just read get one more.
 */
export class TurnBudget {
  readonly #limit: number
  #left = 0
  #resumed = false

  /** @param limit 0 = none */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Call before commands are run, from new bytes or from those that had to wait. */
  begin(): void {
    if (this.#limit === 0) return
    this.#left = this.#limit + (this.#resumed ? 0 : 1)
    this.#resumed = false
  }

  /** Counts a command; true when it is the last one of this turn. */
  spend(): boolean {
    // Without a limit this begins at 0, which is never reached again.
    return --this.#left === 0
  }

  /** Others had their turn. */
  resume(): void {
    this.#resumed = true
  }
}
