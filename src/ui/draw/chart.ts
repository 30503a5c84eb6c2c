import asciichart from 'asciichart'
import {cellWidth} from './cell-width.js'
import {chartScale, type ScaleKind} from './chart-scale.js'
import {padTo, paint} from './text.js'
import type {Theme, Tone} from './theme.js'

export interface ChartOptions {
  /** One value a column, oldest first; null where nothing was measured. */
  readonly values: readonly (number | null)[]
  /** A second series on the same scale, told apart by being dotted. */
  readonly dots?: readonly (number | null)[]
  readonly width: number
  readonly height: number
  readonly formatLabel: (value: number) => string
  readonly theme: Theme
  readonly tone: Tone
  /** Shown in the middle while there is nothing to draw. */
  readonly empty: string
  /** The scale reaches down to this at least; without it, to the smallest value. */
  readonly from?: number
  /** Where values end, as shares do at 1: the scale does not reach beyond it. */
  readonly most?: number
  /** @default 'linear' */
  readonly scale?: ScaleKind
  /** Through so many columns without a value the last one holds; a longer gap stays blank. @default all of them */
  readonly holdColumns?: number
}

const LABEL_WIDTH = 6
const AXIS = ' ┤'
const DOT = '·'

/** Cells left of the values. */
export const CHART_LEFT = LABEL_WIDTH + AXIS.length

/** Columns that remain for values in a chart of `width` cells. */
export function plotColumns(width: number): number {
  return Math.max(1, width - CHART_LEFT)
}

/** A line chart of exactly width × height cells. */
export function chart({
  values,
  dots = [],
  width,
  height,
  formatLabel,
  theme,
  tone,
  empty,
  ...rest
}: ChartOptions): string[] {
  const columns = plotColumns(width)
  const {holdColumns = columns} = rest
  const line = withoutGaps(values.slice(-columns))
  const dotted = withLongGaps(dots.slice(-columns), holdColumns)
  const gaps = withLongGaps(values.slice(-columns), holdColumns).map(value => value === null)
  const measured = [...line, ...dotted].filter(value => value !== null)
  if (measured.length === 0 || height < 2) return emptyChart({width, height, empty, theme})
  const scale = chartScale(
    rest.from === undefined ? measured : [...measured, rest.from],
    rest.scale ?? 'linear',
    rest.most,
  )
  const top = height - 1
  const rowOf = (value: number) => scale.shareOf(value) * top
  const rowsOf = (series: readonly (number | null)[]) => series.map(value => (value === null ? null : rowOf(value)))
  const rows = withDots(blank(plot(rowsOf(line), top), gaps), rowsOf(dotted))
  return rows.map((row, index) => {
    const label = isLabelled(index, top) ? formatLabel(scale.valueAt(1 - index / top)) : ''
    return paint(
      [
        [padTo(label, LABEL_WIDTH, 'right') + AXIS, 'dim'],
        [row, tone],
      ],
      width,
      theme,
    )
  })
}

/** Every second row from the top, and always the bottom, where a scale begins; never two below each other, but in the lowest charts. */
export function isLabelled(row: number, top: number): boolean {
  return top < 3 || row === top || (row % 2 === 0 && row !== top - 1)
}

/** The bare line, one string a row; asciichart is kept away from everything it cannot draw. */
function plot(scaled: readonly (number | null)[], top: number): string[] {
  const lead = scaled.findIndex(value => value !== null)
  const series = lead < 0 ? [] : scaled.slice(lead).flatMap(value => value ?? [])
  if (series.length === 0) return Array.from({length: top + 1}, () => '')
  // Its first column holds the axis, so the first value goes in twice and that column is dropped; its last stays blank.
  const drawn = asciichart.plot([series[0]!, ...series], {
    min: 0,
    max: top,
    height: top,
    offset: 1,
    format: () => ' ',
  })
  return drawn.split('\n').map(row => ' '.repeat(lead) + row.slice(1, series.length + 1))
}

/** Where nothing was measured for long, there is no line. */
function blank(rows: readonly string[], gaps: readonly boolean[]): readonly string[] {
  if (!gaps.includes(true)) return rows
  return rows.map(row => Array.from(row, (cell, column) => (gaps[column] === true ? ' ' : cell)).join(''))
}

/** Where a line runs it hides the dots. */
function withDots(rows: readonly string[], scaled: readonly (number | null)[]): readonly string[] {
  if (scaled.every(value => value === null)) return rows
  const cells = rows.map(row => Array.from(row.padEnd(scaled.length)))
  for (const [column, value] of scaled.entries()) {
    const row = value === null ? undefined : cells[rows.length - 1 - Math.round(value)]
    if (row?.[column] === ' ') row[column] = DOT
  }
  return cells.map(row => row.join(''))
}

/** asciichart cannot draw a gap: the last value holds. Before the first there is nothing. */
function withoutGaps(values: readonly (number | null)[]): (number | null)[] {
  let last: number | null = null
  return values.map(value => {
    if (value !== null && Number.isFinite(value)) last = drawable(value)
    return last
  })
}

/** As withoutGaps(), but for gaps that are longer than so many columns. */
function withLongGaps(values: readonly (number | null)[], holdColumns: number): (number | null)[] {
  let missing = 0
  const lengths = values.map(value => {
    missing = value !== null && Number.isFinite(value) ? 0 : missing + 1
    return missing
  })
  // From behind: every column of a gap is to know how long the gap is.
  for (let at = lengths.length - 2; at >= 0; at--) {
    if (lengths[at]! > 0 && lengths[at + 1]! > 0) lengths[at] = lengths[at + 1]!
  }
  return withoutGaps(values).map((value, column) => (lengths[column]! > holdColumns ? null : value))
}

/** Keeps differences and quotients of any two values finite. */
function drawable(value: number): number {
  return Math.abs(value) < 1e-9 ? 0 : Math.min(1e15, Math.max(-1e15, value))
}

function emptyChart({width, height, empty, theme}: Pick<ChartOptions, 'width' | 'height' | 'empty' | 'theme'>) {
  const middle = Math.floor((height - 1) / 2)
  const indent = ' '.repeat(Math.max(0, Math.floor((width - cellWidth(empty)) / 2)))
  return Array.from({length: Math.max(0, height)}, (_, row) =>
    row === middle ? paint([indent, [empty, 'dim']], width, theme) : ' '.repeat(width),
  )
}
