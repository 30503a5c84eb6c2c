/** setTimeout may fire this much later than asked. */
const TIMER_SLACK_MS = 2
/** A nap may last this much longer than asked. */
const NAP_SLACK_MS = 0.08

/**
 * Runs a function again and again when it is wanted: at once in the next turn
 * of the event loop, or at a time. Timers are a millisecond coarse, so the
 * last two before the time are spent in turns, where replies are read too; or
 * asleep when there is nothing to read: a core is not burnt for waiting.
 */
export class LoopScheduler {
  readonly #run: () => void
  readonly #isIdle: () => boolean
  readonly #clock: () => number
  /** Nobody ever wakes it: it is for sleeping with a finer clock than a timer's. */
  readonly #sleepCell = new Int32Array(new SharedArrayBuffer(4))
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #timerDueMs = Number.POSITIVE_INFINITY
  /** Until when the next turn may sleep. */
  #napUntilMs = 0

  /** @param isIdle nothing is under way: no reply can come before the next turn */
  constructor({run, isIdle, clock}: {run: () => void; isIdle: () => boolean; clock: () => number}) {
    this.#clock = clock
    this.#isIdle = isIdle
    this.#run = () => {
      this.#immediate = undefined
      this.#nap()
      run()
    }
  }

  /** In the next turn. */
  soon(): void {
    this.#napUntilMs = 0
    this.#immediate ??= setImmediate(this.#run)
  }

  /** At a time of the clock, or before it when an earlier time was asked for too; Infinity asks for nothing. */
  at(dueMs: number): void {
    if (this.#immediate !== undefined) {
      this.#napUntilMs = Math.min(this.#napUntilMs, dueMs)
      return
    }
    if (dueMs >= this.#timerDueMs) return
    const delayMs = dueMs - this.#clock()
    if (delayMs < TIMER_SLACK_MS) {
      this.soon()
      this.#napUntilMs = dueMs
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
    this.#immediate = undefined
  }

  /** The poll for replies came right before: whatever is idle now stays so. */
  #nap(): void {
    const untilMs = this.#napUntilMs
    this.#napUntilMs = 0
    if (untilMs === 0 || !this.#isIdle()) return
    const napMs = untilMs - this.#clock() - NAP_SLACK_MS
    if (napMs > 0) Atomics.wait(this.#sleepCell, 0, 0, napMs)
  }
}
