import type {RunSnapshot} from '../../../../engine/result/run-snapshot.js'
import type {Round, UiRunResult} from '../../../ports/run-port.js'
import {addSnapshots, type MeasuredRun} from '../../../run-view/run-points.js'
import {addMarks, type RunMark} from './run-marks.js'

/** A load run as the screen draws it. */
export interface RunView extends MeasuredRun {
  readonly number: number
  readonly profile: string
  readonly target: string
  readonly phase: 'running' | 'stopping' | 'ended' | 'failed'
  /** Which of several runs it is; null where there is one. */
  readonly round: Round | null
  /** What happened, oldest first. */
  readonly marks: readonly RunMark[]
  /** Master and slave that the target is of; null where it stands alone. */
  readonly pair: readonly [master: string, slave: string] | null
  /** It goes to both of them. */
  readonly both: boolean
  /** The rate that was asked for last, until the run has it. */
  readonly wantedRate: number | null
  readonly result: UiRunResult | null
  /** Why it failed, in one line. */
  readonly error: string | null
}

/** Of a run that the operator ended before its first call. */
export const STOPPED_EARLY = 'Stopped before the first call: nothing measured'

export function isRunning(run: RunView | null): boolean {
  return run !== null && (run.phase === 'running' || run.phase === 'stopping')
}

export function startedRun({
  number,
  profile,
  target,
  pair = null,
  both = false,
}: Pick<RunView, 'number' | 'profile' | 'target'> & Partial<Pick<RunView, 'pair' | 'both'>>): RunView {
  return {
    number,
    profile,
    target,
    pair,
    both,
    phase: 'running',
    round: null,
    snapshot: null,
    points: [],
    marks: [],
    wantedRate: null,
    result: null,
    error: null,
  }
}

/** Adds what the engine sent since the last sample, and what happened meanwhile. */
export function addToRun(run: RunView, snapshots: readonly RunSnapshot[]): RunView {
  const added = addSnapshots(run, snapshots)
  const marks = addMarks(
    run.marks,
    snapshots.flatMap(({events}) => events),
  )
  const reached = run.wantedRate !== null && added.snapshot?.ratePerSecond === run.wantedRate
  return {...added, marks, wantedRate: reached ? null : run.wantedRate}
}
