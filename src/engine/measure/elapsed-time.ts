/**
 * How long a load lasts: to its planned end or to where it was stopped, or to
 * the last reply after that. Waiting for replies that never come is not part of
 * it, because it would lower the rate.
 */
export class ElapsedTime {
  #startMs = Number.POSITIVE_INFINITY
  #endMs = Number.POSITIVE_INFINITY
  #elapsedMs = 0

  /** @param endMs Infinity when it ends with its last call */
  start(startMs: number, endMs: number): void {
    this.#startMs = startMs
    this.#endMs = endMs
  }

  stop(nowMs: number): void {
    this.#endMs = Math.min(this.#endMs, nowMs)
  }

  /** Elapsed ms; never decreases; 0 before the start. */
  soFarMs({nowMs, isAllSent, lastReadMs}: {nowMs: number; isAllSent: boolean; lastReadMs: number}): number {
    const isOver = isAllSent && nowMs >= this.#endMs
    const untilMs = isOver ? Math.max(this.#endMs, lastReadMs) : nowMs
    this.#elapsedMs = Math.max(this.#elapsedMs, untilMs - this.#startMs)
    return this.#elapsedMs
  }
}

/**
 * How long a load thread had nothing to do, though it may have used its core:
 * while calls are in flight it polls for replies in every turn of its event loop.
 */
export class IdleTime {
  readonly #work: () => number
  readonly #clock: () => number
  #before = 0
  #sinceMs = Number.POSITIVE_INFINITY
  #endMs = Number.POSITIVE_INFINITY
  #idleMs = 0

  /** @param work a count that grows with every byte or call sent or read */
  constructor({work, clock}: {work: () => number; clock: () => number}) {
    this.#work = work
    this.#clock = clock
  }

  /** @param endMs end of the load: idle time after it does not count */
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

  /** Idle ms since the start. */
  soFarMs(): number {
    const isIdle = this.#work() === this.#before
    return this.#idleMs + (isIdle ? Math.max(0, Math.min(this.#clock(), this.#endMs) - this.#sinceMs) : 0)
  }
}
