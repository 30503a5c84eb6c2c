/** Unit of a measure. A share is from 0 to 1. */
export type MeasureUnit = 'us' | 'count' | 'perSecond' | 'share' | 'boolean'

/** The part of a latency that may be the generator's own lateness, in µs. */
export interface Lateness {
  /** The latency without that. */
  readonly netUs: number
  /** How late the generator sent its calls. */
  readonly slipP99Us: number | null
}

/** Why a figure is not exact, and its bounds where they are known. */
export interface Doubt {
  readonly reason: string
  readonly atLeast: number | null
  readonly atMost?: number
}

/** A figure of a result that can be asserted and compared. */
export interface Measure<Result> {
  /** As in assertions: `p99`, `get.service.p50`, `timedOut`. */
  readonly name: string
  readonly unit: MeasureUnit
  /** Which way is better; null when neither is. */
  readonly better: 'higher' | 'lower' | null
  /** Null when it was not measured. */
  read(result: Result): number | boolean | null
  /** Null, or left out: the figure is exact. */
  doubt?(result: Result): Doubt | null
  /** The whole of which an assertion may give a percentage; without it the measure takes none. */
  whole?(result: Result): number | null
  /** Of a latency; null when its lateness was not measured. */
  lateness?(result: Result): Lateness | null
}

/** Measures by their names in lower case. */
export type Measures<Result> = ReadonlyMap<string, Measure<Result>>

export function byName<Result>(measures: readonly Measure<Result>[]): Measures<Result> {
  return new Map(measures.map(measure => [measure.name.toLowerCase(), measure]))
}
