import {encodeIntoCompressedBase64, Float64Histogram} from 'hdr-histogram-js'
import {counterIndex, LATENCY_DIGITS, LATENCY_MAX_US, type LatencyDelta, valueAtIndex} from './latency.js'

/** Latency in µs; every field null when nothing was recorded. */
export interface LatencySummary {
  readonly count: number
  readonly min: number | null
  readonly mean: number | null
  readonly p50: number | null
  readonly p90: number | null
  readonly p95: number | null
  readonly p99: number | null
  readonly p999: number | null
  readonly p9999: number | null
  readonly max: number | null
  readonly stddev: number | null
}

/** Of nothing that was recorded. */
export const noLatency: LatencySummary = {
  count: 0,
  min: null,
  mean: null,
  p50: null,
  p90: null,
  p95: null,
  p99: null,
  p999: null,
  p9999: null,
  max: null,
  stddev: null,
}

type SixNumbers = [number, number, number, number, number, number]

/**
 * Merges what the load threads recorded. Minimum, maximum, mean and deviation
 * are exact, percentiles good to 3 digits. Counts are added by index, which
 * is the histogram's own (latency.ts): finding it from the value again took a
 * millisecond for each report, on what may be the core of a load thread.
 */
export class LatencyMerge {
  readonly #histogram = new Float64Histogram(1, LATENCY_MAX_US, LATENCY_DIGITS)
  #count = 0
  #minUs = Number.POSITIVE_INFINITY
  #maxUs = 0
  #sumUs = 0
  #sumOfSquares = 0

  add(delta: LatencyDelta): void {
    if (delta.count === 0) return
    const {indexes, counts} = delta
    for (let i = 0; i < indexes.length; i++) this.#histogram.addToCountAtIndex(indexes[i]!, counts[i]!)
    this.#histogram.addToTotalCount(delta.count)
    this.#histogram.updateMinAndMax(valueAtIndex(indexes[0]!))
    this.#histogram.updateMinAndMax(valueAtIndex(indexes.at(-1)!))
    this.#count += delta.count
    this.#minUs = Math.min(this.#minUs, delta.minUs)
    this.#maxUs = Math.max(this.#maxUs, delta.maxUs)
    this.#sumUs += delta.sumUs
    this.#sumOfSquares += delta.sumOfSquares
  }

  addAll(other: LatencyMerge): void {
    this.#histogram.add(other.#histogram)
    this.#count += other.#count
    this.#minUs = Math.min(this.#minUs, other.#minUs)
    this.#maxUs = Math.max(this.#maxUs, other.#maxUs)
    this.#sumUs += other.#sumUs
    this.#sumOfSquares += other.#sumOfSquares
  }

  reset(): void {
    this.#histogram.reset()
    this.#count = this.#maxUs = this.#sumUs = this.#sumOfSquares = 0
    this.#minUs = Number.POSITIVE_INFINITY
  }

  /** In µs; null when nothing was recorded. */
  percentile(percent: number): number | null {
    if (this.#count === 0) return null
    return this.#atMost(this.#histogram.getValueAtPercentile(percent))
  }

  /**
   * The same as percentile() of each, which must rise, in one pass: eight summaries of six took half a millisecond for
   * each report, on what may be the core of a load thread. Something must have been recorded.
   */
  #percentiles(percents: readonly number[]): number[] {
    const values: number[] = []
    let passed = 0
    let index = counterIndex(Math.min(this.#minUs, LATENCY_MAX_US)) - 1
    for (const percent of percents) {
      const exact = (percent / 100) * this.#count
      // One ulp less: products that ought to be whole may come out above.
      const wanted = Math.max(1, Math.ceil(exact - exact * Number.EPSILON))
      while (passed < wanted) passed += this.#histogram.getCountAtIndex(++index)
      values.push(this.#atMost(valueAtIndex(index + 1) - 1))
    }
    return values
  }

  /** A histogram answers with the top of a step, which may lie above all that was recorded. */
  #atMost(us: number): number {
    return Math.min(us, this.#maxUs)
  }

  get maxUs(): number | null {
    return this.#count === 0 ? null : this.#maxUs
  }

  summary(): LatencySummary {
    if (this.#count === 0) return noLatency
    const mean = this.#sumUs / this.#count
    const [p50, p90, p95, p99, p999, p9999] = this.#percentiles([50, 90, 95, 99, 99.9, 99.99]) as SixNumbers
    return {
      count: this.#count,
      min: this.#minUs,
      mean,
      p50,
      p90,
      p95,
      p99,
      p999,
      p9999,
      max: this.#maxUs,
      stddev: Math.sqrt(Math.max(0, this.#sumOfSquares / this.#count - mean * mean)),
    }
  }

  /** HdrHistogram's compressed V2 format, base64. */
  toBase64(): string {
    return encodeIntoCompressedBase64(this.#histogram)
  }
}
