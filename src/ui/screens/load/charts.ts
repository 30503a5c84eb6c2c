import type {RunSnapshot} from '../../../engine/run-events.js'
import {chart, plotColumns} from '../../draw/chart.js'
import {formatCount, formatMs} from '../../draw/format.js'
import {PANE_SIDES, pane} from '../../draw/pane.js'
import type {Span} from '../../draw/text.js'
import type {Area} from '../../state/layout.js'
import {innerRows} from '../../state/layout.js'
import type {RunPoint, RunView} from '../../state/load-state.js'
import type {Theme, Tone} from '../../theme.js'
import {meanRate} from './run-header.js'
import {runSeries} from './run-series.js'

interface RunChart {
  readonly title: string
  readonly tone: Tone
  readonly value: (point: RunPoint) => number | null
  readonly combine: 'mean' | 'max'
  readonly formatLabel: (value: number) => string
  /** In the pane's corner while the run goes on. */
  readonly now: (point: RunPoint) => string
  /** In the pane's corner at the end. */
  readonly overall: (snapshot: RunSnapshot) => string
}

export const throughputChart: RunChart = {
  title: 'Throughput op/s',
  tone: 'ok',
  value: ({opsPerSecond}) => opsPerSecond,
  combine: 'mean',
  formatLabel: formatCount,
  now: ({opsPerSecond}) => formatCount(opsPerSecond),
  overall: snapshot => formatCount(meanRate(snapshot)),
}

export const p99Chart: RunChart = {
  title: 'Response time p99 ms',
  tone: 'warn',
  value: ({p99Us}) => p99Us,
  combine: 'max',
  formatLabel: formatMs,
  now: ({p99Us}) => `${formatMs(p99Us)} ms`,
  overall: ({response}) => `${formatMs(response.p99)} ms`,
}

/** One series of a run in a pane of its own: asciichart tells several apart by colour alone. */
export function chartPane(run: RunView, definition: RunChart, {width, height}: Area, theme: Theme): string[] {
  const {title, tone, value, combine, formatLabel} = definition
  const inner = width - PANE_SIDES
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
    corner: corner(run, definition),
    lines: lines.map(painted => ({painted})),
    width,
    height,
    theme,
  })
}

function corner({phase, points, snapshot}: RunView, {now, overall}: RunChart): Span[] {
  const last = points.at(-1)
  if (phase === 'ended' && snapshot !== null)
    return [
      ['overall ', 'dim'],
      [overall(snapshot), 'strong'],
    ]
  return last === undefined ? [] : [[now(last), 'strong']]
}
