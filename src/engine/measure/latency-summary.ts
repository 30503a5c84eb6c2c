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

/** Summary of no latencies. */
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
 * Merges the latencies of all load threads. Minimum, maximum, mean and deviation
 * are exact, percentiles have 3 digits. Counts are added by the histogram's own
 * index (latency.ts): computing it from the value took a millisecond per report,
 * on what may be the core of a load thread.
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
   * Percentiles in one pass, in ascending order; something must have been recorded. With percentile() eight summaries of
   * six took half a millisecond per report, on what may be the core of a load thread.
   */
  #percentiles(percents: readonly number[]): number[] {
    const values: number[] = []
    let passed = 0
    let index = counterIndex(Math.min(this.#minUs, LATENCY_MAX_US)) - 1
    for (const percent of percents) {
      const exact = (percent / 100) * this.#count
      // One ulp less: a product that should be whole may be slightly above.
      const wanted = Math.max(1, Math.ceil(exact - exact * Number.EPSILON))
      while (passed < wanted) passed += this.#histogram.getCountAtIndex(++index)
      values.push(this.#atMost(valueAtIndex(index + 1) - 1))
    }
    return values
  }

  /** A histogram returns the top of a step, which may be above the maximum. */
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
