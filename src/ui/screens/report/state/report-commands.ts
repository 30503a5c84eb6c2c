import {type Step, step} from '../../../core/effect.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {bodyArea, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES} from '../../../draw/pane.js'
import {ask} from '../../../overlays/dialog.js'
import {damagedFilePage, scrollPage} from '../../../overlays/page.js'
import {showPage} from '../../../overlays/page-overlay.js'
import type {SavedEntry} from '../../../ports/report-port.js'
import {reportLayout} from './report-layout.js'
import {listedEntries, type ReportState, selectedEntry, selectedIndex} from './report-state.js'

/** More than a screen shows, and no more than are read at once. */
const FIRST_PAGE = 60
const NEXT_PAGE = 200
const NEAR_END = 20

export const reportCommands = {
  'report.open': (state: UiState) => withEntry(state, entry => open(state, entry)),
  'report.mark': mark,
  'report.compare': compare,
  'report.export': (state: UiState) =>
    withReadable(state, entry => step(state, {type: 'report', request: {type: 'export', entry}})),
  'report.delete': (state: UiState) => withEntry(state, entry => askToDelete(state, entry)),
  'report.filter': openFilter,
}

/** The screen comes into sight: the history is read anew, for other programs add to it too. */
export function openReports(state: UiState): Step<UiState> {
  const limit = Math.max(FIRST_PAGE, state.report.entries?.length ?? 0)
  return step({...state, screen: 'report'}, {type: 'report', request: {type: 'list', limit}})
}

/** Older entries are read when the cursor comes near the end of those that are there. */
export function readOlder(state: UiState): Step<UiState> {
  const {report} = state
  const {entries, older, asked, page} = report
  if (entries === null || older === 0 || asked > 0 || page !== null) return step(state)
  if (selectedIndex(report) < listedEntries(report).length - NEAR_END) return step(state)
  const limit = entries.length + NEXT_PAGE
  return step(withReport(state, {asked: limit}), {type: 'report', request: {type: 'list', limit}})
}

/** The report, or why there is none. */
function open(state: UiState, entry: SavedEntry): Step<UiState> {
  const {flaw, path} = entry
  if (flaw === null) return step(state, {type: 'report', request: {type: 'open', entry}})
  const title = entry.kind === 'run' ? `Run ${entry.number}` : `Drill ${entry.name}`
  return step(showPage(state, damagedFilePage({title, flaw, path})))
}

/** Marks a run as A, or as B where there is an A; again takes the mark back. A third one replaces B. */
function mark(state: UiState): Step<UiState> {
  return withReadable(state, ({kind, path}) => {
    if (kind === 'drill') return refuse(state, 'Only runs are compared: a drill has its verdict')
    const {marked} = state.report
    const others = marked.filter(other => other !== path)
    if (others.length < marked.length) return step(withReport(state, {marked: others}))
    return step(withReport(state, {marked: [...marked.slice(0, 1), path]}))
  })
}

function compare(state: UiState): Step<UiState> {
  const {entries, marked} = state.report
  const [first, second] = marked.map(path => entries?.find(entry => entry.path === path))
  if (first?.kind !== 'run' || second?.kind !== 'run') {
    return refuse(state, 'Mark two runs with space first: A, and B to compare with it')
  }
  return step(state, {type: 'report', request: {type: 'compare', first, second}})
}

function askToDelete(state: UiState, entry: SavedEntry): Step<UiState> {
  const {kind, name, startedAt, path} = entry
  const what = kind === 'run' ? `run ${entry.number}` : `drill ${name}`
  const after = kind === 'run' ? 'The file is deleted; later runs move up in the history.' : 'The file is deleted.'
  return step(
    ask(state, {
      title: `Delete ${what}?`,
      body: [`${name} ${startedAt.slice(0, 19).replace('T', ' ')}`, path, after],
      yesLabel: `delete ${what}`,
      effects: [{type: 'report', request: {type: 'remove', path}}],
    }),
  )
}

function openFilter(state: UiState): Step<UiState> {
  if (state.report.page !== null) return refuse(state, IN_LIST_ONLY)
  return step(withReport(state, {typing: true}))
}

const IN_LIST_ONLY = 'esc first: this works in the list'

function withEntry(state: UiState, body: (entry: SavedEntry) => Step<UiState>): Step<UiState> {
  const {report} = state
  if (report.page !== null) return refuse(state, IN_LIST_ONLY)
  const entry = selectedEntry(report)
  if (entry !== undefined) return body(entry)
  return refuse(state, report.filter === '' ? 'No run yet: 2, then b makes one' : 'No match; esc shows all')
}

function withReadable(state: UiState, body: (entry: SavedEntry) => Step<UiState>): Step<UiState> {
  return withEntry(state, entry => {
    return entry.flaw === null ? body(entry) : refuse(state, 'Cannot read this file: enter says why')
  })
}

/** One level back: out of a report, then of the filter; null where that is another screen. */
export function backInReport(state: UiState): UiState | null {
  const {page, filter} = state.report
  if (page !== null) return withReport(state, {page: null, curves: []})
  return filter === '' ? null : withReport(state, {filter: ''})
}

/** Another entry, or the next line of a report. */
export function moveReport(state: UiState, by: number): UiState {
  const {report} = state
  if (report.page !== null) return scrollReport(state, () => by)
  const listed = listedEntries(report)
  const index = Math.min(Math.max(0, selectedIndex(report) + by), listed.length - 1)
  return withReport(state, {selected: listed[index]?.path ?? null})
}

export function scrollReport(state: UiState, linesOf: (height: number) => number): UiState {
  const {page, curves} = state.report
  const {width, textRows} = reportLayout(state.size, curves.length > 0)
  const area = {width: width - PANE_SIDES, height: innerRows(textRows)}
  if (page === null) return moveReport(state, linesOf(innerRows(bodyArea(state.size).height)))
  return withReport(state, {page: scrollPage(page, linesOf(area.height), area)})
}

function withReport(state: UiState, change: Partial<ReportState>): UiState {
  return {...state, report: {...state.report, ...change}}
}
