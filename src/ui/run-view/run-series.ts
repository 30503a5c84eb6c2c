import type {MeasuredRun, RunPoint} from './run-points.js'

/** Points come five times a second. */
const POINT_SECONDS = 0.2
/** Columns of a run of no length yet. */
const COLUMN_SECONDS_LEAST = 0.001
const ALIAS_SECONDS = 2 * POINT_SECONDS
const USUAL_WINDOW_SECONDS = 60

/** What a chart is drawn from. */
export interface Charted extends MeasuredRun {
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
  return withoutShortGaps(series, Math.ceil(ALIAS_SECONDS / columnSeconds) - 1)
}

export function timeColumns(
  {points, snapshot, windowSeconds = USUAL_WINDOW_SECONDS}: Charted,
  columns: number,
): TimeColumns {
  const end = points.at(-1)?.elapsedSeconds ?? 0
  const isOver = snapshot?.phase === 'done'
  const planned = snapshot?.plannedSeconds ?? null
  const span = Math.min(windowSeconds, isOver ? end : Math.max(planned ?? 0, end))
  // A run whose length nobody knows grows into the chart, column by column: else all of it would move at every point.
  const least = isOver || planned !== null ? COLUMN_SECONDS_LEAST : POINT_SECONDS
  const columnSeconds = Math.max(span / columns, least)
  const first = Math.max(0, Math.floor(end / columnSeconds) - columns + 1)
  return {
    columnSeconds,
    fromSeconds: first * columnSeconds,
    columnOf: seconds => Math.floor(seconds / columnSeconds) - first,
  }
}

/** Points a little early or late miss a column that is hardly wider than their distance, and many that are narrower. */
function withoutShortGaps(series: readonly (number | null)[], columnsMost: number): (number | null)[] {
  let held: number | null = null
  let missing = 0
  return series.map(value => {
    missing = value === null ? missing + 1 : 0
    if (value !== null) held = value
    return missing <= columnsMost ? held : null
  })
}

function combined(values: readonly number[], combine: SeriesOptions['combine']): number | null {
  if (values.length === 0) return null
  if (combine === 'max') return values.reduce((most, value) => Math.max(most, value))
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
