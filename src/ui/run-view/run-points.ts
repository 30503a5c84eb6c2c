import type {RunSnapshot} from '../../engine/result/run-snapshot.js'

/** The measured part of a run or a drill. */
export interface MeasuredRun {
  /** The newest one. */
  readonly snapshot: RunSnapshot | null
  readonly points: readonly RunPoint[]
}

/** One interval of a run, as the charts draw it. */
export interface RunPoint {
  /** At its end. */
  readonly elapsedSeconds: number
  /** Its length. */
  readonly seconds: number
  readonly opsPerSecond: number
  readonly p50Us: number | null
  readonly p99Us: number | null
  readonly errors: number
  readonly connections: number
  readonly slipP99Us: number | null
  readonly generatorCores: number | null
  /** The longest lag from master to slave and back, or the age of what has not arrived; null where nothing was written. */
  readonly lagToSlaveUs: number | null
  readonly lagToMasterUs: number | null
  /** Share of the keys read that were there; null where nothing was read. */
  readonly hitShare: number | null
}

/** Points as they come, five a second: for five minutes and a little. */
const FINE_POINTS = 1600
/** What is older, in points of two seconds: together for more than an hour. */
const COARSE_POINTS = 1900
const MERGED_POINTS = 10
/** A point that lasts longer is one of several merged. */
const FINE_SECONDS_MOST = 1
/** What is shorter is a remnant: it has no rate of its own. */
const POINT_SECONDS_LEAST = 0.05

/**
 * Adds what was measured since the last sample. The newest hour is kept, in
 * bounded memory: what is older than five minutes in longer intervals.
 */
export function addPoints(points: readonly RunPoint[], fresh: readonly RunPoint[]): readonly RunPoint[] {
  if (fresh.length === 0) return points
  const all = [...points]
  for (const point of fresh) {
    const before = all.at(-1)
    if (before !== undefined && point.seconds < POINT_SECONDS_LEAST) all[all.length - 1] = mergePoints([before, point])
    else all.push(point)
  }
  if (all.length <= FINE_POINTS) return all
  const firstFine = all.findIndex(({seconds}) => seconds <= FINE_SECONDS_MOST)
  const coarse = all.slice(0, firstFine)
  let at = firstFine
  for (; all.length - at > FINE_POINTS; at += MERGED_POINTS) coarse.push(mergePoints(all.slice(at, at + MERGED_POINTS)))
  return [...coarse.slice(-COARSE_POINTS), ...all.slice(at)]
}

/** Times keep their worst, rates their mean over the time. */
function mergePoints(points: readonly RunPoint[]): RunPoint {
  const last = points.at(-1)!
  const values = (field: keyof RunPoint) => points.flatMap(point => point[field] ?? [])
  const mean = (field: keyof RunPoint) => {
    const all = points.filter(point => point[field] !== null)
    const seconds = all.reduce((sum, point) => sum + point.seconds, 0)
    if (seconds === 0) return all.at(-1)?.[field] ?? null
    return all.reduce((sum, point) => sum + point[field]! * point.seconds, 0) / seconds
  }
  const most = (field: keyof RunPoint) => {
    const all = values(field)
    return all.length === 0 ? null : Math.max(...all)
  }
  return {
    elapsedSeconds: last.elapsedSeconds,
    seconds: points.reduce((sum, {seconds}) => sum + seconds, 0),
    opsPerSecond: mean('opsPerSecond') ?? 0,
    p50Us: mean('p50Us'),
    p99Us: most('p99Us'),
    errors: points.reduce((sum, {errors}) => sum + errors, 0),
    connections: last.connections,
    slipP99Us: most('slipP99Us'),
    generatorCores: mean('generatorCores'),
    lagToSlaveUs: most('lagToSlaveUs'),
    lagToMasterUs: most('lagToMasterUs'),
    hitShare: mean('hitShare'),
  }
}

export function pointOf(snapshot: RunSnapshot): RunPoint {
  const {elapsedSeconds, interval, connections, slipUs, generatorCores, lag} = snapshot
  return {
    elapsedSeconds,
    seconds: interval.seconds,
    opsPerSecond: interval.opsPerSecond,
    p50Us: interval.response.p50,
    p99Us: interval.response.p99,
    errors: interval.errors,
    connections,
    slipP99Us: slipUs.p99,
    generatorCores,
    lagToSlaveUs: lag?.aToB.intervalUs ?? null,
    lagToMasterUs: lag?.bToA.intervalUs ?? null,
    hitShare: interval.keysRead > 0 ? interval.keysFound / interval.keysRead : null,
  }
}

/** What comes after the load closes the books: its interval is a remnant, and a point of it would look like a collapse. */
const pointless: ReadonlySet<RunSnapshot['phase']> = new Set(['connecting', 'checking', 'done'])

/** Adds what the engine sent since the last sample. */
export function addSnapshots<Run extends MeasuredRun>(run: Run, snapshots: readonly RunSnapshot[]): Run {
  const snapshot = snapshots.at(-1)
  if (snapshot === undefined) return run
  // Before the load itself the clock is another one.
  const begins = snapshots.findIndex((each, index) => startsAnew(each, snapshots[index - 1] ?? run.snapshot))
  const ofStage = begins < 0 ? snapshots : snapshots.slice(begins)
  const fresh = ofStage.filter(({phase}) => !pointless.has(phase)).map(pointOf)
  return {...run, snapshot, points: addPoints(begins < 0 ? run.points : [], fresh)}
}

/** A prefill or a warm-up is over. */
function startsAnew({phase}: RunSnapshot, before: RunSnapshot | null): boolean {
  return (before?.phase === 'prefill' || before?.phase === 'warmup') && phase !== before.phase
}
