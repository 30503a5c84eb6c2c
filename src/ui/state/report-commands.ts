import {PANE_SIDES} from '../draw/pane.js'
import type {SavedRun} from '../report-port.js'
import {ask} from './dialog-commands.js'
import {type Step, step} from './effect.js'
import {bodyArea, innerRows} from './layout.js'
import {scrollPage} from './page.js'
import {type ReportState, selectedRun, selectedRunIndex} from './report-state.js'
import type {UiState} from './ui-state.js'

export const reportCommands = {
  'report.open': (state: UiState) =>
    withReadable(state, run => step(state, {type: 'report', request: {type: 'open', run}})),
  'report.mark': mark,
  'report.compare': compare,
  'report.export': (state: UiState) =>
    withReadable(state, run => step(state, {type: 'report', request: {type: 'export', run}})),
  'report.delete': (state: UiState) => withRun(state, run => askToDelete(state, run)),
}

/** The screen comes into sight: the history is read anew, for other programs add to it too. */
export function openReports(state: UiState): Step<UiState> {
  return step({...state, screen: 'report'}, {type: 'report', request: {type: 'list'}})
}

/** Marks a run as A, or as B where there is an A; again takes the mark back. A third one replaces B. */
function mark(state: UiState): Step<UiState> {
  return withReadable(state, ({path}) => {
    const {marked} = state.report
    const others = marked.filter(other => other !== path)
    if (others.length < marked.length) return step(withReport(state, {marked: others}))
    return step(withReport(state, {marked: [...marked.slice(0, 1), path]}))
  })
}

function compare(state: UiState): Step<UiState> {
  const {runs, marked} = state.report
  const [first, second] = marked.map(path => runs?.find(run => run.path === path))
  if (first === undefined || second === undefined) {
    return refuse(state, 'Mark two runs with space first: A, and B that is held against it')
  }
  return step(state, {type: 'report', request: {type: 'compare', first, second}})
}

function askToDelete(state: UiState, {number, name, startedAt, path}: SavedRun): Step<UiState> {
  const time = startedAt.slice(0, 19).replace('T', ' ')
  return step(
    ask(state, {
      title: `Delete run ${number}?`,
      body: [`${name} ${time}`, path, 'The file is deleted; later runs move up in the history.'],
      yesLabel: `delete run ${number}`,
      effects: [{type: 'report', request: {type: 'remove', path}}],
    }),
  )
}

function withRun(state: UiState, body: (run: SavedRun) => Step<UiState>): Step<UiState> {
  if (state.report.page !== null) return refuse(state, 'esc first: this works in the list of runs')
  const run = selectedRun(state.report)
  return run === undefined ? refuse(state, 'No run yet: 2, then b makes one') : body(run)
}

function withReadable(state: UiState, body: (run: SavedRun) => Step<UiState>): Step<UiState> {
  return withRun(state, run => (run.flaw === null ? body(run) : refuse(state, run.flaw)))
}

/** One level back; null where that is another screen. */
export function backInReport(state: UiState): UiState | null {
  return state.report.page === null ? null : withReport(state, {page: null})
}

/** Another run, or the next line of a report. */
export function moveReport(state: UiState, by: number): UiState {
  const {report} = state
  if (report.page !== null) return scrollReport(state, () => by)
  const last = (report.runs?.length ?? 0) - 1
  const index = Math.min(Math.max(0, selectedRunIndex(report) + by), last)
  return withReport(state, {selected: report.runs?.[index]?.path ?? null})
}

export function scrollReport(state: UiState, linesOf: (height: number) => number): UiState {
  const {width, height} = bodyArea(state.size)
  const area = {width: width - PANE_SIDES, height: innerRows(height)}
  const {page} = state.report
  if (page === null) return moveReport(state, linesOf(area.height))
  return withReport(state, {page: scrollPage(page, linesOf(area.height), area)})
}

function withReport(state: UiState, change: Partial<ReportState>): UiState {
  return {...state, report: {...state.report, ...change}}
}

function refuse(state: UiState, text: string): Step<UiState> {
  return step({...state, notice: {tone: 'bad', text}})
}
