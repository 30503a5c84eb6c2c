/** What a measure counts. A share is from 0 to 1. */
export type MeasureUnit = 'us' | 'count' | 'perSecond' | 'share' | 'boolean'

/** How much of a latency may be the generator's own, in µs. */
export interface Lateness {
  /** The latency without it. */
  readonly netUs: number
  /** How late the generator sent its calls. */
  readonly slipP99Us: number | null
}

/** Why a figure is not known exactly, and what it is at least and at most, where that is known. */
export interface Doubt {
  readonly reason: string
  readonly atLeast: number | null
  readonly atMost?: number
}

/** Something that a result says of a run; what assertions and comparisons are about. */
export interface Measure<Result> {
  /** As it is written in an assertion: `p99`, `get.service.p50`, `timedOut`. */
  readonly name: string
  readonly unit: MeasureUnit
  /** Which way is an improvement; null where neither is. */
  readonly better: 'higher' | 'lower' | null
  /** Null when it was not measured. */
  read(result: Result): number | boolean | null
  /** Null, or left out: what `read` gives is exact. */
  doubt?(result: Result): Doubt | null
  /** What a percentage in an assertion is a percentage of; without it the measure takes none. */
  whole?(result: Result): number | null
  /** Of a latency: what of it may be the generator's own lateness; null when that was not measured. */
  lateness?(result: Result): Lateness | null
}

/** Measures by their names in lower case. */
export type Measures<Result> = ReadonlyMap<string, Measure<Result>>

export function byName<Result>(measures: readonly Measure<Result>[]): Measures<Result> {
  return new Map(measures.map(measure => [measure.name.toLowerCase(), measure]))
}
