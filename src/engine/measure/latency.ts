/** Longest latency in the histogram, in µs (60 s); longer ones count as this, but the maximum is exact. */
export const LATENCY_MAX_US = 60_000_000

/** Significant decimal digits of every latency. */
export const LATENCY_DIGITS = 3

// The layout of an HDR histogram with 3 digits: single µs up to 2047, then 1024 steps for each doubling.
const STEPS_BITS = 10
const STEPS = 1 << STEPS_BITS
const BUCKETS = 16
const COUNTERS = (BUCKETS + 1) * STEPS

/** Latencies of one interval, in a form that crosses threads: only the counters that are not zero. */
export interface LatencyDelta {
  readonly indexes: Uint16Array
  readonly counts: Uint32Array
  readonly count: number
  readonly minUs: number
  readonly maxUs: number
  readonly sumUs: number
  readonly sumOfSquares: number
}

/** Histogram of latencies in µs for the load loop: recording one takes a few nanoseconds and no memory. */
export class LatencyRecorder {
  readonly #counters = new Uint32Array(COUNTERS)
  #count = 0
  #minUs = Number.POSITIVE_INFINITY
  #maxUs = 0
  #sumUs = 0
  #sumOfSquares = 0

  /** @param ms a time span in ms, as performance.now() gives it */
  recordMs(ms: number): void {
    const us = ms <= 0 ? 0 : Math.round(ms * 1000)
    this.#counters[counterIndex(Math.min(us, LATENCY_MAX_US))]!++
    this.#count++
    this.#sumUs += us
    this.#sumOfSquares += us * us
    if (us < this.#minUs) this.#minUs = us
    if (us > this.#maxUs) this.#maxUs = us
  }

  /** Latencies recorded since the last call. */
  take(): LatencyDelta {
    const counters = this.#counters
    const last = this.#count === 0 ? -1 : counterIndex(Math.min(this.#maxUs, LATENCY_MAX_US))
    let used = 0
    for (let i = 0; i <= last; i++) if (counters[i] !== 0) used++
    const indexes = new Uint16Array(used)
    const counts = new Uint32Array(used)
    for (let i = 0, at = 0; i <= last; i++) {
      if (counters[i] === 0) continue
      indexes[at] = i
      counts[at++] = counters[i]!
      counters[i] = 0
    }
    const delta = {
      indexes,
      counts,
      count: this.#count,
      minUs: this.#minUs,
      maxUs: this.#maxUs,
      sumUs: this.#sumUs,
      sumOfSquares: this.#sumOfSquares,
    }
    this.#count = this.#maxUs = this.#sumUs = this.#sumOfSquares = 0
    this.#minUs = Number.POSITIVE_INFINITY
    return delta
  }
}

/** Index of a value in an HDR histogram of 3 digits. */
export function counterIndex(us: number): number {
  const bucket = us < 2 * STEPS ? 0 : 31 - Math.clz32(us) - STEPS_BITS
  return bucket * STEPS + (us >>> bucket)
}

/** The smallest value that is counted at an index, in µs. */
export function valueAtIndex(index: number): number {
  const bucket = index < 2 * STEPS ? 0 : (index >>> STEPS_BITS) - 1
  return (index - bucket * STEPS) * 2 ** bucket
}

export const noLatencies: LatencyDelta = {
  indexes: new Uint16Array(0),
  counts: new Uint32Array(0),
  count: 0,
  minUs: Number.POSITIVE_INFINITY,
  maxUs: 0,
  sumUs: 0,
  sumOfSquares: 0,
}

/** The sum of two deltas, as small as its contents; a histogram takes 140 kB. */
export function addDeltas(a: LatencyDelta, b: LatencyDelta): LatencyDelta {
  if (a.count === 0) return b
  if (b.count === 0) return a
  const indexes = new Uint16Array(a.indexes.length + b.indexes.length)
  const counts = new Uint32Array(indexes.length)
  let used = 0
  for (let i = 0, j = 0; i < a.indexes.length || j < b.indexes.length; used++) {
    const inA = a.indexes[i] ?? Number.POSITIVE_INFINITY
    const inB = b.indexes[j] ?? Number.POSITIVE_INFINITY
    indexes[used] = Math.min(inA, inB)
    counts[used] = (inA <= inB ? a.counts[i++]! : 0) + (inB <= inA ? b.counts[j++]! : 0)
  }
  return {
    indexes: indexes.slice(0, used),
    counts: counts.slice(0, used),
    count: a.count + b.count,
    minUs: Math.min(a.minUs, b.minUs),
    maxUs: Math.max(a.maxUs, b.maxUs),
    sumUs: a.sumUs + b.sumUs,
    sumOfSquares: a.sumOfSquares + b.sumOfSquares,
  }
}
