import type {LatencyDelta} from '../measure/latency.js'
import {LatencyMerge} from '../measure/latency-summary.js'
import type {TimelineEntry} from './run-result.js'

interface OpenSecond {
  ops: number
  errors: number
  readonly response: LatencyMerge
}

/** Seconds kept open, because reports of several threads on one second do not come together. */
const OPEN_SECONDS_MAX = 3
/** A rest after the last whole second that is shorter than half a report's interval joins that second. */
const SLIVER_SECONDS = 0.1
/** Less than this after the planned end, where a load sends nothing, joins the last planned second. */
const DRAIN_SECONDS = 1

/** Counts and percentiles of each second of a load. */
export class Timeline {
  readonly #open = new Map<number, OpenSecond>()
  readonly #closed = new Map<number, Omit<TimelineEntry, 'seconds'>>()

  /** Adds a report. @param report `atMs`: the middle of its interval, from the start of the load */
  add(report: {atMs: number; ops: number; errors: number; response: readonly LatencyDelta[]}): void {
    const second = this.#second(Math.floor(report.atMs / 1000))
    second.ops += report.ops
    second.errors += report.errors
    for (const delta of report.response) second.response.add(delta)
    while (this.#open.size > OPEN_SECONDS_MAX) this.#close(Math.min(...this.#open.keys()))
  }

  /**
   * All seconds so far, also those without operations; the last one lasts to the end.
   * @param plannedSeconds null when unknown
   */
  entries({
    durationSeconds,
    plannedSeconds,
  }: {
    durationSeconds: number
    plannedSeconds: number | null
  }): TimelineEntry[] {
    if (durationSeconds <= 0) return []
    const drains = plannedSeconds !== null && durationSeconds - plannedSeconds < DRAIN_SECONDS
    const last = lastSecondOf(drains ? Math.min(plannedSeconds, durationSeconds) : durationSeconds)
    this.#joinBehind(last)
    for (const t of [...this.#open.keys()]) this.#close(t)
    return Array.from({length: last + 1}, (_, t) => {
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
      return {...entry, seconds: t === last ? durationSeconds - t : 1}
    })
  }

  /** Adds later reports to the last second. */
  #joinBehind(last: number): void {
    for (const [t, {ops, errors, response}] of [...this.#open]) {
      if (t <= last) continue
      const second = this.#second(last)
      second.ops += ops
      second.errors += errors
      second.response.addAll(response)
      this.#open.delete(t)
    }
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

/** The second in which a time span ends, counted from 0; a short rest does not count. */
function lastSecondOf(seconds: number): number {
  return Math.max(0, Math.ceil(seconds - SLIVER_SECONDS) - 1)
}
