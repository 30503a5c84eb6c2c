/** setTimeout may fire this much later than asked. */
const TIMER_SLACK_MS = 2

/**
 * Runs a function again and again when it is wanted: at once in the next turn
 * of the event loop, or at a time. Timers are a millisecond coarse, so the
 * last two before the time are spent in turns, where replies are read too.
 */
export class Turns {
  readonly #run: () => void
  readonly #clock: () => number
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #timerDueMs = Number.POSITIVE_INFINITY

  constructor({run, clock}: {run: () => void; clock: () => number}) {
    this.#clock = clock
    this.#run = () => {
      this.#immediate = undefined
      run()
    }
  }

  /** In the next turn. */
  soon(): void {
    this.#immediate ??= setImmediate(this.#run)
  }

  /** At a time of the clock, or before it when an earlier time was asked for too; Infinity asks for nothing. */
  at(dueMs: number): void {
    if (this.#immediate !== undefined || dueMs >= this.#timerDueMs) return
    const delayMs = dueMs - this.#clock()
    if (delayMs < TIMER_SLACK_MS) {
      this.soon()
      return
    }
    clearTimeout(this.#timer)
    this.#timerDueMs = dueMs
    this.#timer = setTimeout(() => {
      this.#timerDueMs = Number.POSITIVE_INFINITY
      this.soon()
    }, Math.floor(delayMs) - 1)
  }

  stop(): void {
    clearTimeout(this.#timer)
    if (this.#immediate !== undefined) clearImmediate(this.#immediate)
  }
}
