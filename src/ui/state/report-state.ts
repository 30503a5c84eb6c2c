import type {SavedRun} from '../report-port.js'
import {type Page, pageOf} from './page.js'

export interface ReportState {
  /** Newest first; null until they have been read. */
  readonly runs: readonly SavedRun[] | null
  /** Path of the run under the cursor; null = the newest. */
  readonly selected: string | null
  /** Paths of A and B, at most two. */
  readonly marked: readonly string[]
  /** The report or comparison that is read instead of the list. */
  readonly page: Page | null
}

/** What came of a request to the report port. */
export type ReportEvent =
  | {readonly type: 'listed'; readonly runs: readonly SavedRun[]}
  | {readonly type: 'opened'; readonly title: string; readonly text: string}

export const initialReport: ReportState = {runs: null, selected: null, marked: [], page: null}

export function applyReportEvent(state: ReportState, event: ReportEvent): ReportState {
  if (event.type === 'opened') return {...state, page: pageOf(event.title, event.text)}
  const {runs} = event
  const isThere = (path: string) => runs.some(run => run.path === path)
  return {...state, runs, marked: state.marked.filter(isThere)}
}

/** Index of the run under the cursor. */
export function selectedRunIndex({runs, selected}: Pick<ReportState, 'runs' | 'selected'>): number {
  return Math.max(0, runs?.findIndex(({path}) => path === selected) ?? 0)
}

export function selectedRun(state: Pick<ReportState, 'runs' | 'selected'>): SavedRun | undefined {
  return state.runs?.[selectedRunIndex(state)]
}
