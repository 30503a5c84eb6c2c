import {type RunPoint, type RunView, WINDOW_SECONDS} from '../../state/load-state.js'

/** Points come five times a second: narrower columns would only be gaps. */
const POINT_SECONDS = 0.2
const ALIAS_SECONDS = 2 * POINT_SECONDS

export interface SeriesOptions {
  readonly run: RunView
  readonly columns: number
  readonly value: (point: RunPoint) => number | null
  /** How the points of one column become one value. */
  readonly combine: 'mean' | 'max'
}

/**
 * A run's points as one value a column, from the start of the run, and of its last
 * minute once it is longer. Columns stand at fixed times, so that a chart slides
 * instead of shimmering; a column without a point is null.
 */
export function runSeries({run, columns, value, combine}: SeriesOptions): (number | null)[] {
  const {points, snapshot} = run
  const last = points.at(-1)
  if (last === undefined || columns <= 0) return []
  const span = Math.min(WINDOW_SECONDS, Math.max(snapshot?.plannedSeconds ?? 0, last.elapsedSeconds))
  const columnSeconds = Math.max(span / columns, POINT_SECONDS)
  const columnOf = (point: RunPoint) => Math.floor(point.elapsedSeconds / columnSeconds)
  const firstColumn = Math.max(0, columnOf(last) - columns + 1)
  const buckets: number[][] = Array.from({length: columnOf(last) - firstColumn + 1}, () => [])
  for (const point of points) {
    const measured = value(point)
    if (measured !== null) buckets[columnOf(point) - firstColumn]?.push(measured)
  }
  const series = buckets.map(bucket => combined(bucket, combine))
  return columnSeconds < ALIAS_SECONDS ? withoutSingleGaps(series) : series
}

/** Points a little early or late miss a column that is hardly wider than their distance. */
function withoutSingleGaps(series: readonly (number | null)[]): (number | null)[] {
  return series.map((value, column) => value ?? series[column - 1] ?? null)
}

function combined(values: readonly number[], combine: SeriesOptions['combine']): number | null {
  if (values.length === 0) return null
  if (combine === 'max') return Math.max(...values)
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
