import {type Page, pageOf} from '../../../overlays/page.js'
import type {LatencyCurve, OpenedReport, SavedEntry, SavedRun} from '../../../ports/report-port.js'

declare module '../../../core/part-types.js' {
  interface ScreenStates {
    readonly report: ReportState
  }
  interface ScreenEvents {
    report: ReportEvent
  }
  interface ScreenRequests {
    report: ReportRequest
  }
}

export interface ReportState {
  /** Newest first; null until they have been read. */
  readonly entries: readonly SavedEntry[] | null
  /** Entries of the history that have not been read, for they are older. */
  readonly older: number
  /** How many have been asked for and are not there yet; 0 = nothing is being read. */
  readonly asked: number
  /** Why they cannot be read; null when they were, or were not asked for. */
  readonly problem: string | null
  /** Path of the entry under the cursor; null = the newest. */
  readonly selected: string | null
  /** Only entries with this text are listed; upper and lower case are the same. */
  readonly filter: string
  /** Keys go into the filter. */
  readonly typing: boolean
  /** Paths of A and B, at most two. */
  readonly marked: readonly string[]
  /** The report or comparison that is read instead of the list. */
  readonly page: Page | null
  /** Latency by percentile, above that. */
  readonly curves: readonly LatencyCurve[]
}

export type ReportRequest =
  /** The newest so many. */
  | {readonly type: 'list'; readonly limit: number}
  | {readonly type: 'open' | 'export'; readonly entry: SavedEntry}
  | {readonly type: 'compare'; readonly first: SavedRun; readonly second: SavedRun}
  | {readonly type: 'remove'; readonly path: string}

/** Result of a request. */
export type ReportEvent =
  | {readonly type: 'listed'; readonly entries: readonly SavedEntry[]; readonly older?: number}
  | {readonly type: 'unlisted'; readonly problem: string}
  | {readonly type: 'opened'; readonly title: string; readonly report: OpenedReport}

export const initialReport: ReportState = {
  entries: null,
  older: 0,
  asked: 0,
  problem: null,
  selected: null,
  filter: '',
  typing: false,
  marked: [],
  page: null,
  curves: [],
}

export function applyReportEvent(state: ReportState, event: ReportEvent): ReportState {
  if (event.type === 'opened') {
    const {text, curves} = event.report
    return {...state, page: pageOf(event.title, text), curves}
  }
  if (event.type === 'unlisted') return {...state, entries: null, older: 0, asked: 0, problem: event.problem}
  const {entries, older = 0} = event
  const isThere = (path: string) => entries.some(entry => entry.path === path)
  return {...state, entries, older, asked: 0, problem: null, marked: state.marked.filter(isThere)}
}

type Listed = Pick<ReportState, 'entries' | 'selected' | 'filter'>

/** The entries that the filter lets through: every word of it is somewhere in their line. */
export function listedEntries({entries, filter}: Pick<Listed, 'entries' | 'filter'>): readonly SavedEntry[] {
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean)
  if (entries === null || words.length === 0) return entries ?? []
  return entries.filter(entry => {
    const text = searchedText(entry)
    return words.every(word => text.includes(word))
  })
}

function searchedText(entry: SavedEntry): string {
  const time = entry.startedAt.replace('T', ' ')
  const own = entry.kind === 'run' ? `run ${entry.number}` : `drill ${entry.topology}`
  const flaw = entry.flaw === null ? '' : `unreadable ${entry.flaw}`
  return `${own} ${flaw} ${entry.name} ${time} ${entry.verdict}`.toLowerCase()
}

/** Index of the entry under the cursor, among those that are listed. */
export function selectedIndex(state: Listed): number {
  return Math.max(
    0,
    listedEntries(state).findIndex(({path}) => path === state.selected),
  )
}

export function selectedEntry(state: Listed): SavedEntry | undefined {
  return listedEntries(state)[selectedIndex(state)]
}
