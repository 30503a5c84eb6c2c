import type {DrillStep} from '../../../../engine/drills/judge/drill-result.js'
import type {DrillProgress} from '../../../core/action.js'
import type {Busy} from '../../../core/ui-state.js'
import {type Page, pageOf} from '../../../overlays/page.js'
import type {DrillSummary, PastDrill, UiDrillResult} from '../../../ports/drill-port.js'
import type {FormValues} from '../../../ports/form-spec.js'
import type {Round} from '../../../ports/run-port.js'
import {addSnapshots, type MeasuredRun} from '../../../run-view/run-points.js'

declare module '../../../core/part-types.js' {
  interface ScreenStates {
    readonly drill: DrillState
  }
  interface ScreenEvents {
    drill: DrillEvent
  }
  interface ScreenRequests {
    drill: DrillRequest
  }
}

export interface DrillState {
  /** Null until they have been read. */
  readonly drills: readonly DrillSummary[] | null
  readonly chosen: number
  /** What the forms of drills were changed by, by the drills' names. */
  readonly formValues: Readonly<Record<string, FormValues>>
  readonly view: 'list' | 'run' | 'history'
  readonly run: DrillRunView | null
  /** Newest first; null until they have been read. */
  readonly past: readonly PastDrill[] | null
  readonly chosenPast: number
  /** The report of a past drill, over the history. */
  readonly page: Page | null
}

/** A drill under way, or the last one. */
export interface DrillRunView extends MeasuredRun {
  readonly number: number
  readonly drill: string
  /** The running pair that it has; null: one of its own. */
  readonly on: string | null
  readonly phase: 'running' | 'stopping' | 'ended' | 'failed'
  /** Which of several drills it is; null where there is one. */
  readonly round: Round | null
  readonly steps: readonly DrillStep[]
  readonly result: UiDrillResult | null
  /** Why there is no result, in one line. */
  readonly error: string | null
  /** The report, at its end. */
  readonly page: Page | null
}

export type DrillRequest =
  | {readonly type: 'list' | 'past' | 'stop'}
  | {readonly type: 'start'; readonly drill: string; readonly given: FormValues}
  | {readonly type: 'open'; readonly path: string; readonly title: string}

/** Result of a request. */
export type DrillEvent =
  | {readonly type: 'listed'; readonly drills: readonly DrillSummary[]}
  | {readonly type: 'pastListed'; readonly past: readonly PastDrill[]}
  | {readonly type: 'opened'; readonly title: string; readonly text: string}
  /** It was told to stop. */
  | {readonly type: 'stopping'}
  /** Of several drills one begins. */
  | {readonly type: 'round'; readonly round: Round}
  | {readonly type: 'ended'; readonly result: UiDrillResult}
  | {readonly type: 'failed'; readonly error: string}

export const initialDrill: DrillState = {
  drills: null,
  chosen: 0,
  formValues: {},
  view: 'list',
  run: null,
  past: null,
  chosenPast: 0,
  page: null,
}

export function isDrilling({run}: Pick<DrillState, 'run'>): boolean {
  return run !== null && (run.phase === 'running' || run.phase === 'stopping')
}

export function startedDrill(state: DrillState, drill: string, on: string | null = null): DrillState {
  const number = (state.run?.number ?? 0) + 1
  const run: DrillRunView = {
    number,
    drill,
    on,
    phase: 'running',
    round: null,
    snapshot: null,
    points: [],
    steps: [],
    result: null,
    error: null,
    page: null,
  }
  return {...state, run, view: 'run'}
}

export function addDrillProgress(state: DrillState, {steps, snapshots}: DrillProgress): DrillState {
  const {run} = state
  if (run === null || !isDrilling(state) || (steps.length === 0 && snapshots.length === 0)) return state
  // What fills the nodes with keys before the drill is no part of its picture.
  const measured = snapshots.filter(({phase}) => phase === 'running' || phase === 'draining')
  return {...state, run: {...run, ...addSnapshots(run, measured), steps: [...run.steps, ...steps]}}
}

export function applyDrillEvent(state: DrillState, event: DrillEvent): DrillState {
  switch (event.type) {
    case 'listed':
      return {...state, drills: event.drills}
    case 'pastListed':
      return {...state, past: event.past, chosenPast: Math.min(state.chosenPast, Math.max(0, event.past.length - 1))}
    case 'opened':
      return {...state, page: pageOf(event.title, event.text)}
    case 'stopping':
      return changeDrill(state, {phase: 'stopping'})
    case 'round':
      return changeDrill(state, {round: event.round, steps: [], snapshot: null, points: []})
    case 'ended':
      return changeDrill(state, {phase: 'ended', result: event.result, page: pageOf('Report', event.result.report)})
    case 'failed':
      return changeDrill(state, {phase: 'failed', error: event.error})
  }
}

function changeDrill(state: DrillState, changes: Partial<DrillRunView>): DrillState {
  return state.run === null ? state : {...state, run: {...state.run, ...changes}}
}

const busy: Busy = {
  screen: 'drill',
  refusal: 'A drill is running: 4, then a aborts it',
  onQuit: 'A drill is running; it and its pair are stopped.',
}

export function busyWithDrill(drill: DrillState): Busy | null {
  return isDrilling(drill) ? busy : null
}
