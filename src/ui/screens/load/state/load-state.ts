import type {RunSnapshot} from '../../../../engine/result/run-snapshot.js'
import type {LoadRequest} from '../../../core/effect.js'
import type {FormValues} from '../../../ports/form-spec.js'
import type {ProfileSummary, Round, UiRunResult} from '../../../ports/ui-ports.js'
import {addPoints, pointOf, type RunPoint} from '../../../run-view/run-points.js'
import type {FullPane} from './load-panes.js'
import {addMarks, type RunMark} from './run-marks.js'

export interface LoadState {
  /** Null until they have been read. */
  readonly profiles: readonly ProfileSummary[] | null
  readonly profile: number
  /** What profiles are changed by, by their names. */
  readonly edits: Readonly<Record<string, FormValues>>
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
  readonly held: RunView | null
  /** The pane that has the screen for itself; null: all of them are shown. */
  readonly full: FullPane | null
  readonly windowSeconds: WindowSeconds
  readonly scale: 'linear' | 'log'
}

/** What came of requests. */
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

export interface RunView {
  readonly number: number
  readonly profile: string
  readonly target: string
  readonly phase: 'running' | 'stopping' | 'ended' | 'failed'
  /** Which of several runs it is; null where there is one. */
  readonly round: Round | null
  readonly snapshot: RunSnapshot | null
  readonly points: readonly RunPoint[]
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

/** What a chart may show of a run, in seconds: the newest part of it. */
export const windowsSeconds = [30, 60, 300, 900, 3600] as const
type WindowSeconds = (typeof windowsSeconds)[number]

export const initialLoad: LoadState = {
  profiles: null,
  profile: 0,
  edits: {},
  target: null,
  lagProbe: true,
  both: false,
  run: null,
  choosing: true,
  held: null,
  full: null,
  windowSeconds: 60,
  scale: 'linear',
}

/** Of a run that the operator ended before its first call. */
export const STOPPED_EARLY = 'Stopped before the first call: nothing was measured'

export function isRunning(run: RunView | null): boolean {
  return run !== null && (run.phase === 'running' || run.phase === 'stopping')
}

export function startedRun(
  load: LoadState,
  {
    profile,
    target,
    pair = null,
    both = false,
  }: Pick<RunView, 'profile' | 'target'> & Partial<Pick<RunView, 'pair' | 'both'>>,
): LoadState {
  const run: RunView = {
    number: (load.run?.number ?? 0) + 1,
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
  return {...load, run, choosing: false, held: null}
}

/** What comes after the load closes the books: its interval is a remnant, and a point of it would look like a collapse. */
const pointless: ReadonlySet<RunSnapshot['phase']> = new Set(['connecting', 'checking', 'done'])

/** Adds what the engine sent since the last sample. */
export function addSnapshots<Run extends Pick<RunView, 'points' | 'snapshot'>>(
  run: Run,
  snapshots: readonly RunSnapshot[],
): Run {
  const snapshot = snapshots.at(-1)
  if (snapshot === undefined) return run
  // Before the load itself the clock is another one.
  const begins = snapshots.findIndex((each, index) => startsAnew(each, snapshots[index - 1] ?? run.snapshot))
  const ofStage = begins < 0 ? snapshots : snapshots.slice(begins)
  const fresh = ofStage.filter(({phase}) => !pointless.has(phase)).map(pointOf)
  return {...run, snapshot, points: addPoints(begins < 0 ? run.points : [], fresh)}
}

/** The same of a load run, with what happened meanwhile. */
export function addToRun(run: RunView, snapshots: readonly RunSnapshot[]): RunView {
  const added = addSnapshots(run, snapshots)
  const marks = addMarks(
    run.marks,
    snapshots.flatMap(({events}) => events),
  )
  const reached = run.wantedRate !== null && added.snapshot?.ratePerSecond === run.wantedRate
  return {...added, marks, wantedRate: reached ? null : run.wantedRate}
}

/** A prefill or a warm-up is over. */
function startsAnew({phase}: RunSnapshot, before: RunSnapshot | null): boolean {
  return (before?.phase === 'prefill' || before?.phase === 'warmup') && phase !== before.phase
}
