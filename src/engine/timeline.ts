import type {LatencyDelta} from './latency.js'
import {LatencyMerge} from './latency-summary.js'
import type {TimelineEntry} from './run-result.js'

interface OpenSecond {
  ops: number
  errors: number
  readonly response: LatencyMerge
}

/** Reports of several threads about one second come in this much apart at most. */
const OPEN_SECONDS_MAX = 3

/** What happened in each second of a load, with percentiles of its own. */
export class Timeline {
  readonly #open = new Map<number, OpenSecond>()
  readonly #closed = new Map<number, Omit<TimelineEntry, 'seconds'>>()

  /** @param atMs the middle of the reported interval, from the start of the load */
  add(report: {atMs: number; ops: number; errors: number; response: readonly LatencyDelta[]}): void {
    const second = this.#second(Math.floor(report.atMs / 1000))
    second.ops += report.ops
    second.errors += report.errors
    for (const delta of report.response) second.response.add(delta)
    while (this.#open.size > OPEN_SECONDS_MAX) this.#close(Math.min(...this.#open.keys()))
  }

  /** All seconds so far, those without any operation too. */
  entries(durationSeconds: number): TimelineEntry[] {
    for (const t of [...this.#open.keys()]) this.#close(t)
    return Array.from({length: Math.ceil(durationSeconds)}, (_, t) => {
      const entry = this.#closed.get(t) ?? {
        t,
        ops: 0,
        errors: 0,
        p50: null,
        p99: null,
        p999: null,
        max: null,
        lag: null,
      }
      return {...entry, seconds: Math.min(1, durationSeconds - t)}
    })
  }

  #second(t: number): OpenSecond {
    let second = this.#open.get(t)
    if (second === undefined) {
      second = {ops: 0, errors: 0, response: new LatencyMerge()}
      this.#open.set(t, second)
    }
    return second
  }

  #close(t: number): void {
    const {ops, errors, response} = this.#open.get(t)!
    this.#open.delete(t)
    const {p50, p99, p999, max} = response.summary()
    this.#closed.set(t, {t, ops, errors, p50, p99, p999, max, lag: null})
  }
}
