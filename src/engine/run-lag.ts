import type {Address} from '../protocol/address.js'
import {LagProbe} from './lag-probe.js'
import type {RunResult, TimelineEntry} from './run-result.js'

/** The lag of a pair during a run, where it is to be measured. */
export class RunLag {
  readonly #nodes: readonly [Address, Address] | undefined
  #probe: LagProbe | undefined
  #startMs = 0

  constructor(nodes: readonly [Address, Address] | undefined) {
    this.#nodes = nodes
  }

  /** @param startMs when the load starts, on performance.now() */
  start(startMs: number): void {
    if (this.#nodes === undefined) return
    this.#startMs = startMs
    this.#probe = new LagProbe({a: this.#nodes[0], b: this.#nodes[1]})
  }

  async stop(): Promise<void> {
    await this.#probe?.stop()
  }

  /** In µs; null when it was not measured. */
  summary(): RunResult['lagUs'] {
    return this.#probe?.summary() ?? null
  }

  /** The entries of a timeline with the longest lag of their time, in µs. */
  addTo(timeline: readonly TimelineEntry[]): TimelineEntry[] {
    const probe = this.#probe
    if (probe === undefined) return [...timeline]
    return timeline.map(entry => {
      const lags = probe.samples.flatMap(({atMs, lagUs}) => {
        const t = (atMs - this.#startMs) / 1000
        return lagUs !== null && t >= entry.t && t < entry.t + entry.seconds ? [lagUs] : []
      })
      return {...entry, lag: lags.length === 0 ? null : Math.round(Math.max(...lags))}
    })
  }
}
