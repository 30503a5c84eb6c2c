import type {Address} from '../../protocol/address.js'
import {type LagDirection, type LagEvent, lagDirections} from '../lag/lag-event.js'
import {type RunningLagProbe, type StartLagProbe, startLagProbe} from '../lag/lag-probe.js'
import type {RunResult, TimelineEntry} from '../result/run-result.js'
import type {LagSnapshot} from '../result/run-snapshot.js'

/** How often the live lag is looked at. */
const LOOK_MS = 100
/** Limit of the wait for writes on their way when the load ends: a long lag is no lost write. */
const DRAIN_MS = 30_000

/** Lag of a pair during a run; does nothing without a pair. */
export class RunLag {
  readonly #nodes: readonly [Address, Address] | undefined
  /** Longest lag of each second of the load, in µs; of writes not yet seen, their age. */
  readonly #longestBySecond = new Map<number, number>()
  readonly #startProbe: StartLagProbe
  #probe: RunningLagProbe | undefined
  /** Infinity until the load starts. */
  #startMs = Number.POSITIVE_INFINITY
  #timer: NodeJS.Timeout | undefined
  #interval: Record<LagDirection, number | null> = {aToB: null, bToA: null}

  constructor(nodes: readonly [Address, Address] | undefined, startProbe: StartLagProbe = startLagProbe) {
    this.#nodes = nodes
    this.#startProbe = startProbe
  }

  /** Starts the probe, which takes a while on a thread of its own; nothing counts before the load. */
  open(): void {
    if (this.#nodes === undefined) return
    const [a, b] = this.#nodes
    this.#probe = this.#startProbe({a, b, onEvent: event => this.#take(event)})
    this.#probe.record.enter(null, Number.NEGATIVE_INFINITY)
  }

  /** The load starts. @param startMs on performance.now() */
  start(startMs: number): void {
    if (this.#probe === undefined) return
    this.#startMs = startMs
    this.#probe.record.enter('load', startMs)
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  /** Waits for writes on their way, unless the run was interrupted. */
  async stop({signal}: {signal: AbortSignal}): Promise<void> {
    clearInterval(this.#timer)
    await this.#probe?.stop({drainMs: signal.aborted ? 0 : DRAIN_MS, signal})
  }

  /** In µs; null when not measured. */
  summary(): RunResult['lagUs'] {
    const summary = this.#probe?.record.summary() ?? null
    if (summary === null) return null
    const {aToB, bToA, probe, measuredOn = []} = summary
    return {
      aToB: {...aToB, atLeast: [...aToB.atLeast]},
      bToA: {...bToA, atLeast: [...bToA.atLeast]},
      probe,
      measuredOn: [...measuredOn],
    }
  }

  /** Lag now, with the longest since the snapshot before; null when not measured. */
  snapshot(): LagSnapshot | null {
    const record = this.#probe?.record
    if (record === undefined || this.#startMs === Number.POSITIVE_INFINITY) return null
    this.#look()
    const interval = this.#interval
    this.#interval = {aToB: null, bToA: null}
    const summary = record.summary()
    const of = (direction: LagDirection) => ({intervalUs: interval[direction], since: summary[direction]})
    return {aToB: of('aToB'), bToA: of('bToA')}
  }

  /** Adds to each entry of a timeline the longest lag of its second, in µs. */
  addTo(timeline: readonly TimelineEntry[]): TimelineEntry[] {
    return timeline.map(entry => {
      const longestUs = this.#longestBySecond.get(entry.t)
      return {...entry, lag: longestUs === undefined ? null : Math.round(longestUs)}
    })
  }

  #take(event: LagEvent): void {
    if (event.type === 'seen') this.#note(event.direction, event.lagUs, event.atMs)
  }

  #look(): void {
    for (const direction of lagDirections) {
      const liveUs = this.#probe?.record.liveUs(direction) ?? null
      if (liveUs) this.#note(direction, liveUs, performance.now())
    }
  }

  #note(direction: LagDirection, lagUs: number, atMs: number): void {
    if (atMs < this.#startMs) return
    this.#interval[direction] = Math.max(this.#interval[direction] ?? 0, lagUs)
    const second = Math.floor((atMs - this.#startMs) / 1000)
    this.#longestBySecond.set(second, Math.max(this.#longestBySecond.get(second) ?? 0, lagUs))
  }
}
