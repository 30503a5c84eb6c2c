import {CHART_LEFT, chart, plotColumns} from '../../../draw/chart.js'
import {formatDuration} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, pane} from '../../../draw/pane.js'
import {paint, type Span, spansWidth} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import {runSeries, type TimeColumns, timeColumns} from '../../../run-view/run-series.js'
import type {RunView} from '../state/load-run.js'
import type {ChartView} from '../state/load-state.js'
import {columnMarks, markSymbol} from './marks.js'
import {figureText, type RunChart} from './run-charts.js'

/** From here a chart has an axis with times and marks below it. */
const AXIS_FROM_ROWS = 3
const TIME_WIDTH = 5
/** A curve goes on for so long without a value: probes of the lag take their time. */
const HOLD_SECONDS = 2

/** One or two curves of a run over time, and below them when what happened. */
export function chartPane(
  run: RunView,
  {definition, view}: {definition: RunChart; view: ChartView},
  {width, height}: Area,
  theme: Theme,
): string[] {
  const {tone, line, dots, formatLabel, mayBeLog, most} = definition
  const inner = width - PANE_SIDES
  const columns = plotColumns(inner)
  const charted = {...run, windowSeconds: view.windowSeconds}
  const axis = timeColumns(charted, columns)
  const hasAxis = innerRows(height) >= AXIS_FROM_ROWS
  const lines = chart({
    values: runSeries({run: charted, columns, ...line}),
    ...(dots === undefined ? {} : {dots: runSeries({run: charted, columns, ...dots})}),
    width: inner,
    height: innerRows(height) - (hasAxis ? 1 : 0),
    formatLabel,
    theme,
    tone,
    ...(most === undefined ? {} : {most}),
    holdColumns: Math.ceil(HOLD_SECONDS / axis.columnSeconds),
    scale: mayBeLog ? view.scale : 'linear',
    empty: run.phase === 'failed' ? 'nothing measured' : 'nothing measured yet',
  })
  const below = hasAxis ? [axisLine(run, {axis, columns, width: inner}, theme)] : []
  const title: Span[] = [definition.title, ...legend(definition)]
  return pane({
    title,
    corner: corner(run, definition, inner - spansWidth(title)),
    lines: [...lines, ...below].map(painted => ({painted})),
    width,
    height,
    theme,
  })
}

/** The time at both ends, and in between a mark for what happened. */
function axisLine(
  run: RunView,
  {axis, columns, width}: {axis: TimeColumns; columns: number; width: number},
  theme: Theme,
): string {
  const marks = columnMarks(run.marks, axis, columns)
  const from = formatDuration(axis.fromSeconds).padStart(CHART_LEFT - 2)
  const endMs = Math.round((axis.fromSeconds + columns * axis.columnSeconds) * 1000)
  // In whole ms: the sum of the columns may be a hair short of a second.
  const end = formatDuration(endMs / 1000)
  const room = columns - TIME_WIDTH
  // Before the first point nobody knows how long it will be.
  const hasEnd = run.points.length > 0 || typeof run.snapshot?.plannedSeconds === 'number'
  const showsEnd = hasEnd && columns > 3 * TIME_WIDTH && ![...marks.keys()].some(column => column >= room)
  const spans: Span[] = [[`${from} └`, 'dim']]
  let unmarked = 0
  for (let column = 0; column < (showsEnd ? room : columns); column++) {
    const tone = marks.get(column)
    if (tone === undefined) unmarked++
    else {
      spans.push(['─'.repeat(unmarked), 'dim'], [markSymbol(tone), tone])
      unmarked = 0
    }
  }
  spans.push(['─'.repeat(unmarked), 'dim'])
  return paint(showsEnd ? [...spans, [end.padStart(TIME_WIDTH), 'dim']] : spans, width, theme)
}

function legend({line, dots}: RunChart): Span[] {
  if (line.name === undefined) return []
  return [[` ─ ${line.name}`, 'dim'], ...(dots?.name === undefined ? [] : [[` · ${dots.name}`, 'dim'] as const])]
}

/** At the end of a run what it came to, in as many words as there is room for. */
function corner(run: RunView, definition: RunChart, room: number): Span[] {
  const text = figureText(run, definition)
  if (text === '') return []
  if (run.phase !== 'ended') return [[text, 'strong']]
  return 'overall '.length + text.length + 2 > room
    ? [[text, 'strong']]
    : [
        ['overall ', 'dim'],
        [text, 'strong'],
      ]
}
