import {formatDuration} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, pane} from '../../../draw/pane.js'
import {paintBoth, type Span, spansWidth} from '../../../draw/text.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import {TWO_COLUMNS_FROM, twoColumns} from '../../../draw/two-columns.js'
import type {TimeColumns} from '../../../run-view/run-series.js'
import {firstLine, type MaximizedPane} from '../state/load-panes.js'
import type {RunView} from '../state/load-run.js'
import type {ChartView} from '../state/load-state.js'
import type {RunMark} from '../state/run-marks.js'

/** Failures are told from the rest by their shape, too. */
export function markSymbol(tone: Tone): string {
  return tone === 'bad' ? '✖' : '▲'
}

/** The columns of a chart in which something happened; of several things the worst. */
export function columnMarks(
  marks: readonly RunMark[],
  {columnOf}: TimeColumns,
  columns: number,
): ReadonlyMap<number, Tone> {
  const byColumn = new Map<number, Tone>()
  for (const {seconds, tone} of marks) {
    const column = columnOf(seconds)
    if (column < 0 || column >= columns || byColumn.get(column) === 'bad') continue
    byColumn.set(column, tone)
  }
  return byColumn
}

/** The newest of what happened, and how the charts are drawn: in one line, or in a pane where there is room. */
export function marksPane(run: RunView, view: ChartView, {width, height}: Area, theme: Theme): string[] {
  if (height === 0) return []
  const how: Span[] = [[windowText(view), 'dim']]
  if (height === 1) return [markLine(run.marks, how, width, theme)]
  const rows = innerRows(height)
  const shown = run.marks.slice(-rows * (width >= TWO_COLUMNS_FROM ? 2 : 1))
  const earlier = run.marks.length - shown.length
  const title: Span[] = [
    'What happened',
    ...(earlier === 0 ? [] : [[`  ${earlier} earlier: shift+tab`, 'dim'] as const]),
  ]
  return pane({
    title,
    corner: how,
    lines: twoColumns(markLines(shown), {rows, width: width - PANE_SIDES}, theme),
    width,
    height,
    theme,
  })
}

/** All of what happened, scrolled. */
export function allMarksPane(run: RunView, maximized: MaximizedPane, {width, height}: Area, theme: Theme): string[] {
  const rows = innerRows(height)
  const first = firstLine(maximized, {lines: run.marks.length, rows})
  const shown = run.marks.slice(first, first + rows)
  const corner: Span[] =
    shown.length < run.marks.length
      ? [[`${first + 1} to ${first + shown.length} of ${run.marks.length}: j k`, 'warn']]
      : []
  return pane({title: ['What happened'], corner, lines: markLines(shown), width, height, theme})
}

function markLines(marks: readonly RunMark[]): Span[][] {
  return marks.length === 0 ? [[['nothing happened so far', 'dim']]] : marks.map(markSpans)
}

function markLine(marks: readonly RunMark[], how: Span[], width: number, theme: Theme): string {
  const room = width - spansWidth(how) - 2
  const spans: Span[] = []
  for (const mark of newestFirst(marks)) {
    const next = [' ', ...markSpans(mark), '  ']
    if (spans.length > 0 && spansWidth(spans) + spansWidth(next) > room) break
    spans.push(...next)
  }
  return paintBoth({left: spans, right: [...how, ' ']}, width, theme)
}

/** It is what the operator looks for; of one second what matters most. */
function newestFirst(marks: readonly RunMark[]): readonly RunMark[] {
  const second = ({seconds}: RunMark) => Math.floor(seconds)
  return marks.toReversed().sort((a, b) => second(b) - second(a) || Number(a.minor) - Number(b.minor))
}

function markSpans({seconds, node, text, tone}: RunMark): Span[] {
  return [
    [`${markSymbol(tone)} `, tone],
    [`${formatDuration(seconds)} `, 'dim'],
    node === '' ? '' : [`${node} `, 'strong'],
    text.replaceAll(/\p{Cc}/gu, '·'),
  ]
}

function windowText({windowSeconds, scale}: ChartView): string {
  const length = windowSeconds < 60 ? `${windowSeconds} s` : windowSeconds < 3600 ? `${windowSeconds / 60} min` : '1 h'
  return `window ${length}${scale === 'log' ? '  log' : ''}`
}
