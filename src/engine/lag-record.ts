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

/** At least; a probe may go on for days. */
const SAMPLES_KEPT = 10_000

/** What probes of a pair come to, each way. */
export class LagRecord {
  /** When the newest write that crossed was acknowledged. */
  readonly #lastCrossedMs = {aToB: Number.NEGATIVE_INFINITY, bToA: Number.NEGATIVE_INFINITY}
  /** The newest, oldest first. */
  readonly #samples: LagSample[] = []
  readonly #recorders = {aToB: new LatencyRecorder(), bToA: new LatencyRecorder()}
  readonly #merges = {aToB: new LatencyMerge(), bToA: new LatencyMerge()}
  readonly #notCrossed = {aToB: 0, bToA: 0}

  add(sample: LagSample): void {
    const {direction, atMs, lagUs} = sample
    this.#samples.push(sample)
    if (this.#samples.length > 2 * SAMPLES_KEPT) this.#samples.splice(0, SAMPLES_KEPT)
    if (lagUs === null) {
      this.#notCrossed[direction]++
      return
    }
    this.#lastCrossedMs[direction] = atMs
    this.#recorders[direction].recordMs(lagUs / 1000)
  }

  /** Whether writes that were acknowledged after a moment have crossed both ways. */
  crossedSince(atMs: number): boolean {
    return this.#lastCrossedMs.aToB >= atMs && this.#lastCrossedMs.bToA >= atMs
  }

  /** The longest lag of a write that was acknowledged since a moment and has crossed, in ms; 0 when none has. */
  worstLagMs(atMs: number): number {
    let worstUs = 0
    for (let i = this.#samples.length - 1; i >= 0 && this.#samples[i]!.atMs >= atMs; i--) {
      worstUs = Math.max(worstUs, this.#samples[i]!.lagUs ?? 0)
    }
    return worstUs / 1000
  }

  summary(): LagSummary {
    const of = (direction: LagDirection) => {
      this.#merges[direction].add(this.#recorders[direction].take())
      return {...this.#merges[direction].summary(), notCrossed: this.#notCrossed[direction]}
    }
    return {aToB: of('aToB'), bToA: of('bToA')}
  }
}
