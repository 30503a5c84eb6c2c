import {chart, plotColumns} from '../../draw/chart.js'
import {formatCount, formatMs} from '../../draw/format.js'
import {PANE_SIDES, pane} from '../../draw/pane.js'
import type {Area} from '../../state/layout.js'
import {innerRows} from '../../state/layout.js'
import type {RunPoint, RunView} from '../../state/load-state.js'
import type {Theme, Tone} from '../../theme.js'
import {runSeries} from './run-series.js'

interface RunChart {
  readonly title: string
  readonly tone: Tone
  readonly value: (point: RunPoint) => number | null
  readonly combine: 'mean' | 'max'
  readonly formatLabel: (value: number) => string
  /** The newest value, in the pane's corner. */
  readonly corner: (point: RunPoint) => string
}

export const throughputChart: RunChart = {
  title: 'Throughput op/s',
  tone: 'ok',
  value: ({opsPerSecond}) => opsPerSecond,
  combine: 'mean',
  formatLabel: formatCount,
  corner: ({opsPerSecond}) => formatCount(opsPerSecond),
}

export const p99Chart: RunChart = {
  title: 'Response time p99 ms',
  tone: 'warn',
  value: ({p99Us}) => p99Us,
  combine: 'max',
  formatLabel: formatMs,
  corner: ({p99Us}) => `${formatMs(p99Us)} ms`,
}

/** One series of a run in a pane of its own: asciichart tells several apart by colour alone. */
export function chartPane(run: RunView, definition: RunChart, {width, height}: Area, theme: Theme): string[] {
  const {title, tone, value, combine, formatLabel, corner} = definition
  const inner = width - PANE_SIDES
  const last = run.points.at(-1)
  const values = runSeries({run, columns: plotColumns(inner), value, combine})
  const lines = chart({
    values,
    width: inner,
    height: innerRows(height),
    formatLabel,
    theme,
    tone,
    empty: 'nothing measured yet',
  })
  return pane({
    title: [title],
    corner: last === undefined ? [] : [[corner(last), 'strong']],
    lines: lines.map(painted => ({painted})),
    width,
    height,
    theme,
  })
}
