import type {Busy, UiState} from '../../../core/ui-state.js'
import type {NodeView} from '../../../node-view/node-view.js'
import type {FormValues} from '../../../ports/form-spec.js'
import type {ProfileSummary, Round, UiRunResult} from '../../../ports/run-port.js'
import type {MaximizedPane} from './load-panes.js'
import {isRunning, type RunView} from './load-run.js'

declare module '../../../core/part-types.js' {
  interface ScreenStates {
    readonly load: LoadState
  }
  interface ScreenEvents {
    load: LoadEvent
  }
  interface ScreenRequests {
    load: LoadRequest
  }
}

export interface LoadState {
  /** Null until they have been read. */
  readonly profiles: readonly ProfileSummary[] | null
  readonly profileIndex: number
  /** What profiles are changed by, by their names. */
  readonly formValues: Readonly<Record<string, FormValues>>
  /** Name of the node to load; null = the first one. */
  readonly target: string | null
  /** The lag of a pair is measured while it is loaded. */
  readonly lagProbe: boolean
  /** Half of the connections go to the other node of the target's pair. */
  readonly both: boolean
  readonly run: RunView | null
  /** The choice of profile and target is shown instead of the last run. */
  readonly choosing: boolean
  /** The picture that is held still; null = the run itself is drawn. */
  readonly frozenRun: RunView | null
  /** The pane that has the screen for itself; null: all of them are shown. */
  readonly maximizedPane: MaximizedPane | null
  readonly windowSeconds: WindowSeconds
  readonly scale: 'linear' | 'log'
}

export type LoadRequest =
  | {readonly type: 'list' | 'stop'}
  | {
      readonly type: 'start'
      readonly profile: string
      /** What the profile is changed by. */
      readonly given: FormValues
      readonly node: string
      readonly lagProbe: boolean
      /** Half of the connections go to the other node of its pair. */
      readonly both?: boolean
    }
  | {readonly type: 'rate'; readonly ratePerSecond: number}
  | {
      readonly type: 'save'
      readonly profile: string
      readonly given: FormValues
      readonly path: string
      readonly overwrite: boolean
    }

/** How the operator wants to see charts. */
export type ChartView = Pick<LoadState, 'windowSeconds' | 'scale'>

/** Result of a request. */
export type LoadEvent =
  | {readonly type: 'listed'; readonly profiles: readonly ProfileSummary[]}
  /** Of several runs one begins. */
  | {readonly type: 'round'; readonly round: Round}
  | {readonly type: 'ended'; readonly result: UiRunResult}
  | {readonly type: 'failed'; readonly error: string}
  /** `profile` as the file of this path; the profiles are read again. */
  | {
      readonly type: 'saved'
      readonly profile: string
      readonly path: string
      readonly profiles: readonly ProfileSummary[]
    }
  /** The run has no rate that could be changed. */
  | {readonly type: 'rateRefused'}
  /** There is a file already. */
  | {readonly type: 'taken'; readonly request: Extract<LoadRequest, {type: 'save'}>}

/** What a chart may show of a run, in seconds: the newest part of it. */
export const windowsSeconds = [30, 60, 300, 900, 3600] as const
type WindowSeconds = (typeof windowsSeconds)[number]

export const initialLoad: LoadState = {
  profiles: null,
  profileIndex: 0,
  formValues: {},
  target: null,
  lagProbe: true,
  both: false,
  run: null,
  choosing: true,
  frozenRun: null,
  maximizedPane: null,
  windowSeconds: 60,
  scale: 'linear',
}

/** The run that is in sight; null: a load is being chosen. */
export function shownRun({load}: Pick<UiState, 'load'>): RunView | null {
  return load.choosing ? null : (load.frozenRun ?? load.run)
}

export function chosenProfile({load}: Pick<UiState, 'load'>): ProfileSummary | undefined {
  return load.profiles?.[load.profileIndex]
}

export function loadTarget({nodes, load}: Pick<UiState, 'nodes' | 'load'>): NodeView | undefined {
  return nodes.find(node => node.name === load.target) ?? nodes[0]
}

const busy: Busy = {
  screen: 'load',
  refusal: 'A load is running: 2, then b stops it',
  onQuit: 'A load is running; it is stopped and reported.',
}

export function busyWithLoad({load}: Pick<UiState, 'load'>): Busy | null {
  return isRunning(load.run) ? busy : null
}
