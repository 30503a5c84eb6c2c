/** News in doubt are checked again so soon, and then after ever longer waits; */
const FIRST_MS = 30
/** from there on the polls in turn come as soon. */
const LAST_MS = 500
/** After so long without a check the next doubt begins anew. */
const REST_MS = 60_000

/**
 * When a doubt about a pair is checked out of turn: five times in a second after news, and no more until there are others.
 * Times are monotonic ms.
 */
export class RecheckPace {
  #waitMs = FIRST_MS
  #checkedAtMs = Number.NEGATIVE_INFINITY

  /** The verdict has changed, a node fell silent or answers again, or an event told something: what is in doubt is new. */
  begin(): void {
    this.#waitMs = FIRST_MS
  }

  /** How long to wait for the next check; null when the polls in turn will do. */
  next(nowMs: number): number | null {
    if (nowMs - this.#checkedAtMs > REST_MS) this.begin()
    const waitMs = this.#waitMs
    if (waitMs > LAST_MS) return null
    this.#waitMs = waitMs * 2
    this.#checkedAtMs = nowMs + waitMs
    return waitMs
  }
}
