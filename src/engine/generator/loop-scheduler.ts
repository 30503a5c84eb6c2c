/** setTimeout may fire this much too late. */
const TIMER_SLACK_MS = 2
/** A sleep may last this much too long. */
const NAP_SLACK_MS = 0.08

/**
 * Runs a function on request: in the next turn of the event loop, or at a time.
 * Timers have a resolution of a millisecond, so the last two milliseconds are
 * spent in turns of the event loop, which also read replies; or asleep when no
 * reply can come, so that waiting does not use a core.
 */
export class LoopScheduler {
  readonly #run: () => void
  readonly #isIdle: () => boolean
  readonly #clock: () => number
  /** Never notified: Atomics.wait on it sleeps with a finer resolution than a timer. */
  readonly #sleepCell = new Int32Array(new SharedArrayBuffer(4))
  #immediate: NodeJS.Immediate | undefined
  #timer: NodeJS.Timeout | undefined
  #timerDueMs = Number.POSITIVE_INFINITY
  /** The next turn may sleep until then. */
  #napUntilMs = 0

  /** @param isIdle no call is in flight: no reply can come before the next turn */
  constructor({run, isIdle, clock}: {run: () => void; isIdle: () => boolean; clock: () => number}) {
    this.#clock = clock
    this.#isIdle = isIdle
    this.#run = () => {
      this.#immediate = undefined
      this.#nap()
      run()
    }
  }

  /** Runs it in the next turn. */
  soon(): void {
    this.#napUntilMs = 0
    this.#immediate ??= setImmediate(this.#run)
  }

  /** Runs it at a time of the clock, or at an earlier time already requested; Infinity requests nothing. */
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

  /** The poll for replies came right before: a loop that is idle now stays so. */
  #nap(): void {
    const untilMs = this.#napUntilMs
    this.#napUntilMs = 0
    if (untilMs === 0 || !this.#isIdle()) return
    const napMs = untilMs - this.#clock() - NAP_SLACK_MS
    if (napMs > 0) Atomics.wait(this.#sleepCell, 0, 0, napMs)
  }
}
