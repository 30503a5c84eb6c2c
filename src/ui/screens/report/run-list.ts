import {formatCount, formatMs} from '../../draw/format.js'
import {PANE_SIDES, type PaneLine, pane} from '../../draw/pane.js'
import {padTo, type Span} from '../../draw/text.js'
import type {SavedRun} from '../../report-port.js'
import {type Area, innerRows} from '../../state/layout.js'
import {type ReportState, selectedRunIndex} from '../../state/report-state.js'
import {verdictTones} from '../../state/verdict-lines.js'
import {windowAround} from '../../state/window-around.js'
import type {Theme} from '../../theme.js'

const HEADING_ROWS = 1
const HINT_ROWS = 2
const NAME_LEAST = 8
/** Of the columns beside the name. */
const OTHER_COLUMNS_WIDTH = 67

/** The run history, newest first, with A and B marked. */
export function runList(report: ReportState, {width, height}: Area, theme: Theme): string[] {
  const {runs} = report
  const inner = {width: width - PANE_SIDES, height: innerRows(height)}
  return pane({
    title: [`Runs${runs === null ? '' : ` ${runs.length}`}`],
    corner: [['newest first', 'dim']],
    lines: runs === null ? [[['reading the history…', 'dim']]] : runLines(report, runs, inner),
    width,
    height,
    theme,
  })
}

const emptyLines: readonly PaneLine[] = [
  [['No runs yet.', 'strong']],
  [],
  [['1', 'key'], ' then ', ['n', 'key'], ' launches a pair'],
  [['2', 'key'], ' then ', ['b', 'key'], ' puts load on it; at its end the run is kept here'],
]

function runLines(report: ReportState, runs: readonly SavedRun[], {width, height}: Area): readonly PaneLine[] {
  if (runs.length === 0) return emptyLines
  const at = selectedRunIndex(report)
  const {first, shown} = windowAround(runs, at, height - HEADING_ROWS - HINT_ROWS)
  const longest = Math.max(...runs.map(({name}) => name.length))
  const nameWidth = Math.max(NAME_LEAST, Math.min(width - OTHER_COLUMNS_WIDTH, longest))
  const heading = `      run  ${padTo('name', nameWidth)}  started (UTC)   runs   op/s   p50 ms   p99 ms  verdict`
  const list = shown.map((run, index): PaneLine => {
    return rowOf(run, {marked: report.marked, nameWidth, selected: first + index === at})
  })
  return [[[heading, 'dim']], ...list, [], hint(report)]
}

function rowOf(
  run: SavedRun,
  {marked, nameWidth, selected}: {marked: readonly string[]; nameWidth: number; selected: boolean},
): PaneLine {
  const {path, number, name, startedAt, repetitions, opsPerSecond, p50Us, p99Us, errors, verdict, flaw} = run
  const letter = ['A', 'B'][marked.indexOf(path)] ?? ' '
  const label = ` ${selected ? '>' : ' '} ${letter} ${String(number).padStart(4)}  ${padTo(name, nameWidth)} `
  const head: Span = [label, selected ? 'selected' : letter === ' ' ? 'plain' : 'accent']
  if (flaw !== null) return [head, ' ', [flaw, 'bad']]
  const figures = [
    startedAt.slice(5, 19).replace('T', ' '),
    String(repetitions).padStart(4),
    formatCount(opsPerSecond).padStart(5),
    formatMs(p50Us).padStart(7),
    formatMs(p99Us).padStart(7),
  ]
  return [
    head,
    ` ${figures.join('  ')}  `,
    [verdict, verdictTones[verdict]],
    errors !== null && errors > 0 ? [`  ${formatCount(errors)} errors`, 'bad'] : '',
  ]
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
