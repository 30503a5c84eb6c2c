import {formatCount, formatMs} from '../../draw/format.js'
import {PANE_SIDES, type PaneLine, pane} from '../../draw/pane.js'
import {sparkline} from '../../draw/sparkline.js'
import type {Span} from '../../draw/text.js'
import {type Area, halves} from '../../state/layout.js'
import type {RunPoint, RunView} from '../../state/load-state.js'
import type {Theme, Tone} from '../../theme.js'
import {runSeries} from './run-series.js'

interface Spark {
  readonly label: string
  readonly tone: Tone
  readonly value: (point: RunPoint) => number | null
  readonly combine: 'mean' | 'max'
  readonly format: (value: number | null) => string
  /** Full height of the line at least, so that a little noise stays low. */
  readonly floor: number
}

const sparks: readonly (readonly [Spark, Spark])[] = [
  [
    {label: 'errors', tone: 'bad', value: ({errors}) => errors, combine: 'max', format: formatCount, floor: 1},
    {
      label: 'conns',
      tone: 'accent',
      value: ({connections}) => connections,
      combine: 'max',
      format: formatCount,
      floor: 1,
    },
  ],
  [
    {
      label: 'slip p99 ms',
      tone: 'warn',
      value: ({slipP99Us}) => slipP99Us,
      combine: 'max',
      format: formatMs,
      floor: 1000,
    },
    {
      label: 'generator %',
      tone: 'accent',
      value: ({generatorCores}) => (generatorCores === null ? null : generatorCores * 100),
      combine: 'mean',
      format: value => (value === null ? '–' : value.toFixed(0)),
      floor: 100,
    },
  ],
]

const LABEL_WIDTH = 12
const VALUE_WIDTH = 6

/** What tells whether the figures can be trusted: errors, connections, lateness and load of the generator. */
export function sparkPane(run: RunView, {width, height}: Area, theme: Theme): string[] {
  const [left, right] = halves(width - PANE_SIDES - 2)
  const lines = sparks.map(([first, second]): PaneLine => {
    return [...sparkSpans(run, first, left), '  ', ...sparkSpans(run, second, right)]
  })
  return pane({title: ['Run health'], lines, width, height, theme})
}

function sparkSpans(run: RunView, {label, tone, value, combine, format, floor}: Spark, width: number): Span[] {
  const columns = Math.max(1, width - LABEL_WIDTH - VALUE_WIDTH - 1)
  const values = runSeries({run, columns, value, combine})
  const last = run.points.at(-1)
  const line = sparkline(values, values.length, floor).padEnd(columns)
  return [
    [label.padEnd(LABEL_WIDTH), 'dim'],
    format(last === undefined ? null : value(last)).padStart(VALUE_WIDTH),
    ' ',
    [line, tone],
  ]
}
