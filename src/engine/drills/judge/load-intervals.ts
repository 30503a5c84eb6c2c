/** A fifth of a second of the load; older intervals of a long soak are longer. */
export interface LoadInterval {
  /** End of the interval, in seconds from the start of the load. */
  readonly t: number
  readonly seconds: number
  readonly opsPerSecond: number
  readonly errors: number
  /** Of the response time, in µs; null when nothing was answered. */
  readonly p99: number | null
  /** Of joined intervals: how long no client was served. */
  readonly unservedSeconds?: number
}

/** Ten minutes of fifths of a second. */
const KEPT_MAX = 3000

/**
 * The intervals of a drill. Those of the older half are joined two by two
 * whenever there are too many, so that a soak of days has a bounded number.
 */
export class LoadIntervals {
  readonly #before: LoadInterval[] = []
  #during: LoadInterval[] = []
  readonly #after: LoadInterval[] = []

  add(interval: LoadInterval, window: 'before' | 'during' | 'after'): void {
    if (window === 'before') this.#before.push(interval)
    else if (window === 'after') this.#after.push(interval)
    else {
      this.#during.push(interval)
      if (this.#during.length > KEPT_MAX) this.#during = joinOlderHalf(this.#during)
    }
  }

  all(): LoadInterval[] {
    return [...this.#before, ...this.#during, ...this.#after]
  }
}

/** Shorter ones say little. */
const WHOLE_SECONDS = 0.05

/** Whether an interval is long enough to judge the load by. */
export function isWhole({seconds}: LoadInterval): boolean {
  return seconds >= WHOLE_SECONDS
}

/** Time without a reply to anybody, to a fifth of a second. */
export function unservedSecondsOf(interval: LoadInterval): number {
  return interval.unservedSeconds ?? (isWhole(interval) && interval.opsPerSecond === 0 ? interval.seconds : 0)
}

function joinOlderHalf(intervals: readonly LoadInterval[]): LoadInterval[] {
  const half = 2 * Math.floor(intervals.length / 4)
  const joined = Array.from({length: half / 2}, (_, pair) => join(intervals[2 * pair]!, intervals[2 * pair + 1]!))
  return [...joined, ...intervals.slice(half)]
}

function join(first: LoadInterval, second: LoadInterval): LoadInterval {
  const seconds = first.seconds + second.seconds
  return {
    t: second.t,
    seconds,
    opsPerSecond: (first.opsPerSecond * first.seconds + second.opsPerSecond * second.seconds) / seconds,
    errors: first.errors + second.errors,
    p99: first.p99 === null || second.p99 === null ? (first.p99 ?? second.p99) : Math.max(first.p99, second.p99),
    unservedSeconds: unservedSecondsOf(first) + unservedSecondsOf(second),
  }
}
