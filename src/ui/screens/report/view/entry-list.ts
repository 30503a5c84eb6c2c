import {windowAround} from '../../../core/window-around.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {padTo, type Span, wrapWords} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import type {SavedEntry} from '../../../ports/report-port.js'
import {listedEntries, type ReportState, selectedIndex} from '../state/report-state.js'
import {type FigureColumns, figureColumns, figureSpans} from './entry-figures.js'

const HEADING_ROWS = 1
const HINT_ROWS = 2
const NAME_LEAST = 8
/** Of the columns beside the name, start and figures. */
const OTHER_COLUMNS_WIDTH = 25

/** The history of runs and drills, newest first, with A and B marked. */
export function entryList(report: ReportState, {width, height}: Area, theme: Theme): string[] {
  const {entries} = report
  const inner = {width: width - PANE_SIDES, height: innerRows(height)}
  return pane({
    title: ['Runs and drills', ...filterSpans(report)],
    corner: [[order(report), 'dim']],
    lines: entries === null ? unreadLines(report, inner.width) : listLines(report, entries, inner),
    width,
    height,
    theme,
  })
}

function order({older, asked}: ReportState): string {
  if (older === 0) return 'newest first'
  return `newest first, ${older.toLocaleString('en-US')} older ${asked > 0 ? 'being read' : 'below'}`
}

/** They are being read, or cannot be. */
function unreadLines({problem}: ReportState, width: number): PaneLine[] {
  if (problem === null) return [[['reading the history…', 'dim']]]
  return wrapWords(problem, width).map((line): PaneLine => [[line, 'bad']])
}

function filterSpans(report: ReportState): Span[] {
  const {entries, filter, typing} = report
  if (entries === null) return []
  if (filter === '' && !typing) return [` ${entries.length}`]
  const count = `  ${listedEntries(report).length} of ${entries.length}`
  return [['  /', 'key'], filter, [typing ? ' ' : '', 'selected'], [count, 'dim']]
}

const emptyLines: readonly PaneLine[] = [
  [['No runs yet.', 'strong']],
  [],
  [['1', 'key'], ' then ', ['n', 'key'], ' launches a pair'],
  [['2', 'key'], ' then ', ['b', 'key'], ' runs a load on it; its result is kept here'],
  [['4', 'key'], ' then ', ['enter', 'key'], ' runs a failure drill; its verdict is kept here too'],
]

function listLines(report: ReportState, entries: readonly SavedEntry[], {width, height}: Area): readonly PaneLine[] {
  if (entries.length === 0) return emptyLines
  const listed = listedEntries(report)
  if (listed.length === 0) return [[['nothing has that text   ', 'warn'], ['esc', 'key'], ' shows all again']]
  const at = selectedIndex(report)
  const {first, shown} = windowAround(listed, at, height - HEADING_ROWS - HINT_ROWS)
  const longest = Math.max(...listed.map(({name}) => name.length))
  const columns = figureColumns(width)
  const taken = OTHER_COLUMNS_WIDTH + columns.started.length + columns.figures.length
  const nameWidth = Math.max(NAME_LEAST, Math.min(width - taken, longest))
  const heading = `       run  ${padTo('name', nameWidth)}  ${columns.started}  ${columns.figures}  verdict`
  const list = shown.map((entry, index): PaneLine => {
    return rowOf(entry, {marked: report.marked, nameWidth, columns, selected: first + index === at})
  })
  return [[[heading, 'dim']], ...list, [], hint(report)]
}

function rowOf(
  entry: SavedEntry,
  {
    marked,
    nameWidth,
    columns,
    selected,
  }: {marked: readonly string[]; nameWidth: number; columns: FigureColumns; selected: boolean},
): PaneLine {
  const {path, name} = entry
  const letter = ['A', 'B'][marked.indexOf(path)] ?? ' '
  const number = entry.kind === 'run' ? String(entry.number) : 'drill'
  const label = ` ${selected ? '>' : ' '} ${letter} ${number.padStart(5)}  ${padTo(name, nameWidth)} `
  const head: Span = [label, selected ? 'selected' : letter === ' ' ? 'plain' : 'accent']
  if (entry.flaw !== null) return [head, ' ', ['unreadable: enter says why, d deletes it', 'bad']]
  return [head, ...figureSpans(entry, columns)]
}

function hint({marked}: ReportState): PaneLine {
  if (marked.length === 2) return [['c', 'key'], ' holds B against A']
  if (marked.length === 1) return [['space', 'key'], ' on another run marks B']
  return [
    ['enter', 'key'],
    ' opens the report   ',
    ['space', 'key'],
    ' marks two runs, ',
    ['c', 'key'],
    ' compares them',
  ]
}
