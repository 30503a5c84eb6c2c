import {LatencyRecorder} from './latency.js'
import {LatencyMerge} from './latency-summary.js'
import type {LatencySummary} from './run-events.js'

export type LagDirection = 'aToB' | 'bToA'

export interface LagSample {
  readonly direction: LagDirection
  /** When the write was acknowledged, on performance.now(). */
  readonly atMs: number
  /** From STORED on one node to visible on the other; null when it was not seen in time. */
  readonly lagUs: number | null
}

export type LagSummary = Record<LagDirection, LatencySummary & {readonly notCrossed: number}>

/** What probes of a pair come to, each way. */
export class LagRecord {
  readonly #recorders = {aToB: new LatencyRecorder(), bToA: new LatencyRecorder()}
  readonly #merges = {aToB: new LatencyMerge(), bToA: new LatencyMerge()}
  readonly #notCrossed = {aToB: 0, bToA: 0}

  add({direction, lagUs}: Pick<LagSample, 'direction' | 'lagUs'>): void {
    if (lagUs === null) this.#notCrossed[direction]++
    else this.#recorders[direction].recordMs(lagUs / 1000)
  }

  summary(): LagSummary {
    const of = (direction: LagDirection) => {
      this.#merges[direction].add(this.#recorders[direction].take())
      return {...this.#merges[direction].summary(), notCrossed: this.#notCrossed[direction]}
    }
    return {aToB: of('aToB'), bToA: of('bToA')}
  }
}
