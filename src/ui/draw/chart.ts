import asciichart from 'asciichart'
import type {Theme, Tone} from '../theme.js'
import {cellWidth} from './cell-width.js'
import {padTo, paint} from './text.js'

export interface ChartOptions {
  /** One value a column, oldest first; null where nothing was measured. */
  readonly values: readonly (number | null)[]
  readonly width: number
  readonly height: number
  readonly formatLabel: (value: number) => string
  readonly theme: Theme
  readonly tone: Tone
  /** Shown in the middle while there is nothing to draw. */
  readonly empty: string
  /** The scale reaches down to this at least; without it, to the smallest value. */
  readonly from?: number
}

const LABEL_WIDTH = 6
const AXIS = ' ┤'

/** Columns that remain for values in a chart of `width` cells. */
export function plotColumns(width: number): number {
  return Math.max(1, width - LABEL_WIDTH - AXIS.length)
}

/** A line chart of exactly width × height cells. */
export function chart({values, width, height, formatLabel, theme, tone, empty, from}: ChartOptions): string[] {
  const series = withoutGaps(values.slice(-plotColumns(width)))
  if (series.length === 0 || height < 2) return emptyChart({width, height, empty, theme})
  const {min, max} = range(from === undefined ? series : [...series, from])
  const rows = plot({series, min, max, height})
  return rows.map((row, index) => {
    const value = max - ((max - min) * index) / (height - 1)
    const labelled = index % 2 === 0 || height < 4
    return paint(
      [
        [padTo(labelled ? formatLabel(value) : '', LABEL_WIDTH, 'right') + AXIS, 'dim'],
        [row, tone],
      ],
      width,
      theme,
    )
  })
}

/** The bare line, one string a row; asciichart is kept away from everything it cannot draw. */
function plot({series, min, max, height}: {series: readonly number[]; min: number; max: number; height: number}) {
  const top = height - 1
  // Scaled to whole rows here: asciichart's own scaling may come out one row longer or shorter.
  const scaled = series.map(value => ((value - min) / (max - min)) * top)
  // Its first column holds the axis, so the first value goes in twice and that column is dropped; its last stays blank.
  const drawn = asciichart.plot([scaled[0]!, ...scaled], {
    min: 0,
    max: top,
    height: top,
    offset: 1,
    format: () => ' ',
  })
  return drawn.split('\n').map(row => row.slice(1, series.length + 1))
}

/** asciichart cannot draw a gap: the last value holds, and leading gaps fall away. */
function withoutGaps(values: readonly (number | null)[]): number[] {
  const series: number[] = []
  for (const value of values) {
    const last = series.at(-1)
    if (value !== null && Number.isFinite(value)) series.push(drawable(value))
    else if (last !== undefined) series.push(last)
  }
  return series
}

/** Keeps differences and quotients of any two values finite. */
function drawable(value: number): number {
  return Math.abs(value) < 1e-9 ? 0 : Math.min(1e15, Math.max(-1e15, value))
}

// Without it, noise of a tenth of a percent would fill the chart.
const SMALLEST_RANGE_SHARE = 0.1

function range(series: readonly number[]): {min: number; max: number} {
  const low = series.reduce((a, b) => Math.min(a, b))
  const high = series.reduce((a, b) => Math.max(a, b))
  if (high === 0 && low === 0) return {min: 0, max: 1}
  const smallest = Math.max(Math.abs(high), Math.abs(low)) * SMALLEST_RANGE_SHARE
  if (high - low >= smallest) return {min: low, max: high}
  const middle = (high + low) / 2
  return {min: middle - smallest / 2, max: middle + smallest / 2}
}

function emptyChart({width, height, empty, theme}: Pick<ChartOptions, 'width' | 'height' | 'empty' | 'theme'>) {
  const middle = Math.floor((height - 1) / 2)
  const indent = ' '.repeat(Math.max(0, Math.floor((width - cellWidth(empty)) / 2)))
  return Array.from({length: Math.max(0, height)}, (_, row) =>
    row === middle ? paint([indent, [empty, 'dim']], width, theme) : ' '.repeat(width),
  )
}
