import {counterIndex, LATENCY_MAX_US, valueAtIndex} from '../measure/latency.js'
import {type LatencySummary, noLatency} from '../measure/latency-summary.js'

/** Figures of a lag that may be lower bounds. */
export type LagFigure = 'mean' | 'p50' | 'p90' | 'p95' | 'p99' | 'p999' | 'p9999' | 'max'

/** In µs; a percentile of too few probes is null. `count` are the stored probes, `unseen` those of them never seen. */
export interface LagFigures extends LatencySummary {
  readonly unseen: number
  /** Figures that are lower bounds, because only the age of unseen probes is known. */
  readonly atLeast: readonly LagFigure[]
}

const percentiles = [
  ['p50', 0.5],
  ['p90', 0.9],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
  ['p9999', 0.9999],
] as const

export type LagPercentile = (typeof percentiles)[number][0]

/** How many probes a percentile needs, so that at least one lies above it. */
export const probesNeeded: Readonly<Record<LagPercentile, number>> = {
  p50: 5,
  p90: 10,
  p95: 20,
  p99: 100,
  p999: 1000,
  p9999: 10_000,
}

/** Lags of the probes that were seen; its figures count the ages of unseen ones too. */
export class LagHistogram {
  readonly #counters = new Uint32Array(indexOf(LATENCY_MAX_US) + 1)
  #count = 0
  #minUs = Number.POSITIVE_INFINITY
  #maxUs = 0
  #sumUs = 0
  #sumOfSquares = 0

  add(lagUs: number): void {
    const us = Math.max(0, Math.round(lagUs))
    this.#counters[indexOf(us)]!++
    this.#count += 1
    this.#sumUs += us
    this.#sumOfSquares += us * us
    this.#minUs = Math.min(this.#minUs, us)
    this.#maxUs = Math.max(this.#maxUs, us)
  }

  /** Of the probes seen; 0 when none was. */
  get maxUs(): number {
    return this.#maxUs
  }

  /** @param unseenUs ages of the probes that were not seen */
  figures(unseenUs: readonly number[]): LagFigures {
    const unseen = unseenUs.length
    const count = this.#count + unseen
    if (count === 0) return {...noLatency, count: 0, unseen: 0, atLeast: []}
    const maxUs = unseenUs.reduce((most, us) => Math.max(most, us), this.#maxUs)
    const meanUs = unseenUs.reduce((sum, us) => sum + us, this.#sumUs) / count
    const leastUnseen = unseenUs.reduce((least, us) => Math.min(least, us), Number.POSITIVE_INFINITY)
    const ranked = this.#percentiles({unseenUs, count, maxUs})
    const isBound = (name: LagPercentile) => ranked[name] !== null && indexOf(leastUnseen) <= indexOf(ranked[name])
    return {
      count,
      unseen,
      min: this.#count === 0 ? null : this.#minUs,
      mean: meanUs,
      ...ranked,
      max: Math.round(maxUs),
      stddev: unseen > 0 ? null : Math.sqrt(Math.max(0, this.#sumOfSquares / count - meanUs * meanUs)),
      atLeast: unseen === 0 ? [] : ['mean', ...percentiles.map(([name]) => name).filter(isBound), 'max'],
    }
  }

  #percentiles({unseenUs, count, maxUs}: {unseenUs: readonly number[]; count: number; maxUs: number}) {
    const counters = this.#counters
    for (const us of unseenUs) counters[indexOf(us)]!++
    const found = {} as Record<LagPercentile, number | null>
    let passed = 0
    let index = -1
    for (const [name, share] of percentiles) {
      if (count < probesNeeded[name]) {
        found[name] = null
        continue
      }
      const exact = share * count
      // One ulp less: products that ought to be whole may come out above.
      const wanted = Math.ceil(exact - exact * Number.EPSILON)
      while (passed < wanted) passed += counters[++index]!
      const top = index === counters.length - 1 ? maxUs : valueAtIndex(index + 1) - 1
      found[name] = Math.round(Math.min(top, maxUs))
    }
    for (const us of unseenUs) counters[indexOf(us)]!--
    return found
  }
}

function indexOf(us: number): number {
  return counterIndex(Math.min(LATENCY_MAX_US, Math.max(0, Math.round(us))))
}
