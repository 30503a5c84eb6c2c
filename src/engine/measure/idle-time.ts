/**
 * How long a load thread had nothing to do, though it may have burnt its core:
 * where calls are under way it looks for replies in every turn of its event
 * loop, and one that never comes keeps it looking.
 */
export class IdleTime {
  readonly #work: () => number
  readonly #clock: () => number
  #before = 0
  #sinceMs = Number.POSITIVE_INFINITY
  #endMs = Number.POSITIVE_INFINITY
  #idleMs = 0

  /** @param work a count that grows with everything that is sent or read */
  constructor({work, clock}: {work: () => number; clock: () => number}) {
    this.#work = work
    this.#clock = clock
  }

  /** @param endMs what comes after it is no part of the load */
  start(startMs: number, endMs = Number.POSITIVE_INFINITY): void {
    this.#endMs = endMs
    this.#before = this.#work()
    this.#sinceMs = startMs
    this.#idleMs = 0
  }

  stop(nowMs: number): void {
    this.#endMs = Math.min(this.#endMs, nowMs)
  }

  /** A turn begins. */
  turn(nowMs: number): void {
    const work = this.#work()
    if (work === this.#before) this.#idleMs += Math.max(0, Math.min(nowMs, this.#endMs) - this.#sinceMs)
    this.#before = work
    this.#sinceMs = Math.max(nowMs, this.#sinceMs)
  }

  /** Since the start, in ms. */
  soFarMs(): number {
    const isIdle = this.#work() === this.#before
    return this.#idleMs + (isIdle ? Math.max(0, Math.min(this.#clock(), this.#endMs) - this.#sinceMs) : 0)
  }
}
