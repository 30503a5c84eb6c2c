import type {RunView} from '../../state/load-state.js'
import type {RunPoint} from '../../state/run-points.js'

/** Points come five times a second: narrower columns would only be gaps. */
const POINT_SECONDS = 0.2
const ALIAS_SECONDS = 2 * POINT_SECONDS
const USUAL_WINDOW_SECONDS = 60

/** What a chart is drawn from. */
export interface Charted extends Pick<RunView, 'points' | 'snapshot'> {
  /** The newest part of the run that is shown. @default 60 */
  readonly windowSeconds?: number
}

export interface SeriesOptions {
  readonly run: Charted
  readonly columns: number
  readonly value: (point: RunPoint) => number | null
  /** How the points of one column become one value. */
  readonly combine: 'mean' | 'max'
}

/** Columns at fixed times. */
export interface TimeColumns {
  readonly columnSeconds: number
  /** Where the first column shown begins. */
  readonly fromSeconds: number
  /** Which column stands for a time, counted from the first one shown; negative where it is no longer shown. */
  readonly columnOf: (seconds: number) => number
}

/**
 * A run's points as one value a column, from the start of the run, and of its newest
 * part once it is longer. Columns stand at fixed times, so that a chart slides
 * instead of shimmering; a column without a point is null.
 */
export function runSeries({run, columns, value, combine}: SeriesOptions): (number | null)[] {
  const last = run.points.at(-1)
  if (last === undefined || columns <= 0) return []
  const {columnSeconds, columnOf} = timeColumns(run, columns)
  const buckets: number[][] = Array.from({length: columnOf(last.elapsedSeconds) + 1}, () => [])
  // From the newest back: most of a long run lies before what is shown.
  for (let at = run.points.length - 1; at >= 0; at--) {
    const point = run.points[at]!
    const column = columnOf(point.elapsedSeconds)
    if (column < 0) break
    const measured = value(point)
    if (measured !== null) buckets[column]?.push(measured)
  }
  const series = buckets.map(bucket => combined(bucket, combine))
  return columnSeconds < ALIAS_SECONDS ? withoutSingleGaps(series) : series
}

export function timeColumns(
  {points, snapshot, windowSeconds = USUAL_WINDOW_SECONDS}: Charted,
  columns: number,
): TimeColumns {
  const end = points.at(-1)?.elapsedSeconds ?? 0
  const span = Math.min(windowSeconds, Math.max(snapshot?.plannedSeconds ?? 0, end))
  const columnSeconds = Math.max(span / columns, POINT_SECONDS)
  const first = Math.max(0, Math.floor(end / columnSeconds) - columns + 1)
  return {
    columnSeconds,
    fromSeconds: first * columnSeconds,
    columnOf: seconds => Math.floor(seconds / columnSeconds) - first,
  }
}

/** Points a little early or late miss a column that is hardly wider than their distance. */
function withoutSingleGaps(series: readonly (number | null)[]): (number | null)[] {
  return series.map((value, column) => value ?? series[column - 1] ?? null)
}

function combined(values: readonly number[], combine: SeriesOptions['combine']): number | null {
  if (values.length === 0) return null
  if (combine === 'max') return values.reduce((most, value) => Math.max(most, value))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
