import type {RunSnapshot} from '../../engine/run-events.js'
import type {FormValues} from '../components/form/form-spec.js'
import type {ProfileSummary, UiRunResult} from '../ports.js'
import type {LoadRequest} from './effect.js'

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
  readonly run: RunView | null
  /** The choice of profile and target is shown instead of the last run. */
  readonly choosing: boolean
  /** The picture that is held still; null = the run itself is drawn. */
  readonly held: RunView | null
}

/** What came of requests. */
export type LoadEvent =
  | {readonly type: 'listed'; readonly profiles: readonly ProfileSummary[]}
  | {readonly type: 'ended'; readonly result: UiRunResult}
  | {readonly type: 'failed'; readonly error: string}
  /** `profile` as the file of this path; the profiles are read again. */
  | {
      readonly type: 'saved'
      readonly profile: string
      readonly path: string
      readonly profiles: readonly ProfileSummary[]
    }
  /** There is a file already. */
  | {readonly type: 'taken'; readonly request: Extract<LoadRequest, {type: 'save'}>}

export interface RunView {
  readonly number: number
  readonly profile: string
  readonly target: string
  readonly phase: 'running' | 'stopping' | 'ended' | 'failed'
  readonly snapshot: RunSnapshot | null
  readonly points: readonly RunPoint[]
  readonly result: UiRunResult | null
  /** Why it failed, in one line. */
  readonly error: string | null
}

/** One interval of a run, as the charts draw it. */
export interface RunPoint {
  readonly elapsedSeconds: number
  readonly opsPerSecond: number
  readonly p99Us: number | null
  readonly errors: number
  readonly connections: number
  readonly slipP99Us: number | null
  readonly generatorCores: number | null
}

/** The charts show the last minute at most. */
export const WINDOW_SECONDS = 60
const POINTS_KEPT = 400

export const initialLoad: LoadState = {
  profiles: null,
  profile: 0,
  edits: {},
  target: null,
  lagProbe: true,
  run: null,
  choosing: true,
  held: null,
}

export function isRunning(run: RunView | null): boolean {
  return run !== null && (run.phase === 'running' || run.phase === 'stopping')
}

export function startedRun(load: LoadState, {profile, target}: {profile: string; target: string}): LoadState {
  const number = (load.run?.number ?? 0) + 1
  const run: RunView = {
    number,
    profile,
    target,
    phase: 'running',
    snapshot: null,
    points: [],
    result: null,
    error: null,
  }
  return {...load, run, choosing: false, held: null}
}

/** Adds what the engine sent since the last sample. */
export function addSnapshots<Run extends Pick<RunView, 'points' | 'snapshot'>>(
  run: Run,
  snapshots: readonly RunSnapshot[],
): Run {
  const snapshot = snapshots.at(-1)
  if (snapshot === undefined) return run
  // The last snapshot closes the books; its interval is a remnant, and a point of it would look like a collapse.
  const fresh = snapshots.filter(({phase}) => phase !== 'done').map(pointOf)
  return {...run, snapshot, points: [...run.points, ...fresh].slice(-POINTS_KEPT)}
}

function pointOf({elapsedSeconds, interval, connections, slipUs, generatorCores}: RunSnapshot): RunPoint {
  return {
    elapsedSeconds,
    opsPerSecond: interval.opsPerSecond,
    p99Us: interval.response.p99,
    errors: interval.errors,
    connections,
    slipP99Us: slipUs.p99,
    generatorCores,
  }
}
