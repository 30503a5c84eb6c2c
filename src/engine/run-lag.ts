import type {Address} from '../protocol/address.js'
import {LagProbe, type RunningLagProbe, type StartLagProbe} from './lag-probe.js'
import type {LagDirection, LagSample} from './lag-record.js'
import type {LagSnapshot} from './run-events.js'
import type {RunResult, TimelineEntry} from './run-result.js'

interface Interval {
  longestUs: number | null
  notCrossed: number
}

/** The lag of a pair during a run, where it is to be measured. */
export class RunLag {
  readonly #nodes: readonly [Address, Address] | undefined
  /** The longest lag of each second of the load, in µs. */
  readonly #longestBySecond = new Map<number, number>()
  readonly #startProbe: StartLagProbe
  #probe: RunningLagProbe | undefined
  #startMs = 0
  #interval: Record<LagDirection, Interval> = emptyInterval()

  constructor(
    nodes: readonly [Address, Address] | undefined,
    startProbe: StartLagProbe = options => new LagProbe(options),
  ) {
    this.#nodes = nodes
    this.#startProbe = startProbe
  }

  /** @param startMs when the load starts, on performance.now() */
  start(startMs: number): void {
    if (this.#nodes === undefined) return
    this.#startMs = startMs
    this.#probe = this.#startProbe({a: this.#nodes[0], b: this.#nodes[1], onSample: sample => this.#add(sample)})
  }

  async stop(): Promise<void> {
    await this.#probe?.stop()
  }

  /** In µs; null when it was not measured. */
  summary(): RunResult['lagUs'] {
    return this.#probe?.record.summary() ?? null
  }

  /** With what was seen since the snapshot before; null when it is not measured. */
  snapshot(): LagSnapshot | null {
    const summary = this.summary()
    if (summary === null) return null
    const interval = this.#interval
    this.#interval = emptyInterval()
    const of = (direction: LagDirection) => {
      const {notCrossed, ...since} = summary[direction]
      const {longestUs, notCrossed: intervalNotCrossed} = interval[direction]
      return {intervalUs: longestUs, intervalNotCrossed, since, notCrossed}
    }
    return {aToB: of('aToB'), bToA: of('bToA')}
  }

  /** The entries of a timeline with the longest lag of their second, in µs. */
  addTo(timeline: readonly TimelineEntry[]): TimelineEntry[] {
    return timeline.map(entry => {
      const longestUs = this.#longestBySecond.get(entry.t)
      return {...entry, lag: longestUs === undefined ? null : Math.round(longestUs)}
    })
  }

  #add({direction, atMs, lagUs}: LagSample): void {
    const interval = this.#interval[direction]
    if (lagUs === null) {
      interval.notCrossed++
      return
    }
    interval.longestUs = Math.max(interval.longestUs ?? 0, lagUs)
    const second = Math.floor((atMs - this.#startMs) / 1000)
    this.#longestBySecond.set(second, Math.max(this.#longestBySecond.get(second) ?? 0, lagUs))
  }
}

function emptyInterval(): Record<LagDirection, Interval> {
  return {aToB: {longestUs: null, notCrossed: 0}, bToA: {longestUs: null, notCrossed: 0}}
}
