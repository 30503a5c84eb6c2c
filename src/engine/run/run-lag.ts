import type {Address} from '../../protocol/address.js'
import {type LagDirection, type LagEvent, lagDirections} from '../lag/lag-event.js'
import {type RunningLagProbe, type StartLagProbe, startLagProbe} from '../lag/lag-probe.js'
import type {RunResult, TimelineEntry} from '../result/run-result.js'
import type {LagSnapshot} from '../result/run-snapshot.js'

/** How often it is looked how old the oldest write is that has not arrived. */
const LOOK_MS = 100
/** What is on its way when the load ends is waited for while it arrives: it may be a long lag, and no lost write. */
const DRAIN_MS = 30_000

/** The lag of a pair during a run, where it is to be measured. */
export class RunLag {
  readonly #nodes: readonly [Address, Address] | undefined
  /** The longest lag of each second of the load, in µs: of writes that arrived, and the age of those that did not. */
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

  /** Begins to probe, which on a thread of its own takes a while; nothing counts before the load. */
  open(): void {
    if (this.#nodes === undefined) return
    const [a, b] = this.#nodes
    this.#probe = this.#startProbe({a, b, onEvent: event => this.#take(event)})
    this.#probe.record.enter(null, Number.NEGATIVE_INFINITY)
  }

  /** @param startMs when the load starts, on performance.now() */
  start(startMs: number): void {
    if (this.#probe === undefined) return
    this.#startMs = startMs
    this.#probe.record.enter('load', startMs)
    this.#timer = setInterval(() => this.#look(), LOOK_MS)
  }

  /** Waits for what is on its way, where nobody has interrupted the run. */
  async stop({signal}: {signal: AbortSignal}): Promise<void> {
    clearInterval(this.#timer)
    await this.#probe?.stop({drainMs: signal.aborted ? 0 : DRAIN_MS, signal})
  }

  /** In µs; null when it was not measured. */
  summary(): RunResult['lagUs'] {
    const summary = this.#probe?.record.summary() ?? null
    if (summary === null) return null
    const {aToB, bToA, probe} = summary
    return {
      aToB: {...aToB, atLeast: [...aToB.atLeast]},
      bToA: {...bToA, atLeast: [...bToA.atLeast]},
      probe,
    }
  }

  /** With the longest since the snapshot before; null when it is not measured. */
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

  /** The entries of a timeline with the longest lag of their second, in µs. */
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
