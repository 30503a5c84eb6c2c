import type {LatencySummary} from '../run-events.js'
import type {RunResult} from '../run-result.js'
import type {LoadInterval} from './drill-load.js'

/** Of the rate before the fault; from here on the load counts as recovered. */
const BACK_SHARE = 0.95
/** It has to hold for so many intervals, so that one lucky moment does not count. */
const BACK_INTERVALS = 3

/** All in seconds from the start of the load. */
export interface DrillTimes {
  readonly fault: number
  readonly recover: number
  /** When writes crossed both ways again; null = never in the time given. */
  readonly paired: number | null
  readonly end: number
}

export interface DrillMeasures {
  /** From the fault to the first connection of the load that failed; null when none did. */
  readonly detectionMs: number | null
  /** Per client whose connection failed: from the fault to its next good reply. */
  readonly rtoMs: {
    readonly clients: number
    /** Clients that were never served again. */
    readonly never: number
    readonly min: number | null
    readonly p50: number | null
    readonly max: number | null
  }
  /** Time after the fault in which nobody was served at all, to a fifth of a second. */
  readonly unservedMs: number
  /** From the fault until the rate was back; null = not in the time given, or there was none before. */
  readonly backToBaselineMs: number | null
  /** From the begin of the recovery until writes crossed both ways; null = never. */
  readonly pairedAgainMs: number | null
  /** Acknowledged writes in a second before the fault; null when nothing was written. */
  readonly writesPerSecond: number | null
  readonly throughput: {readonly before: number | null; readonly during: number | null; readonly after: number | null}
  readonly responseUs: {
    readonly before: LatencySummary
    readonly during: LatencySummary
    readonly after: LatencySummary
  }
}

interface MeasuredFacts {
  readonly times: DrillTimes
  readonly intervals: readonly LoadInterval[]
  readonly outages: RunResult['outages']
  readonly responseUs: DrillMeasures['responseUs']
  /** Of all calls of the load. */
  readonly writeShare: number
}

/** What a drill's load shows of the fault. */
export function measureDrill({times, intervals, outages, responseUs, writeShare}: MeasuredFacts): DrillMeasures {
  const before = rateBetween(intervals, 0, times.fault)
  const hit = outages.filter(({failed}) => failed >= times.fault - FAULT_TOLERANCE_SECONDS)
  return {
    detectionMs: hit.length === 0 ? null : ms(Math.min(...hit.map(({failed}) => failed)) - times.fault),
    rtoMs: measureRto(hit, times.fault),
    unservedMs: ms(
      intervals
        .filter(({t, seconds, opsPerSecond}) => opsPerSecond === 0 && t - seconds / 2 >= times.fault)
        .reduce((sum, {seconds}) => sum + seconds, 0),
    ),
    backToBaselineMs: measureBack(intervals, times.fault, before),
    pairedAgainMs: times.paired === null ? null : ms(times.paired - times.recover),
    writesPerSecond: before === null || writeShare === 0 ? null : before * writeShare,
    throughput: {
      before,
      during: rateBetween(intervals, times.fault, times.paired ?? times.end),
      after: times.paired === null ? null : rateBetween(intervals, times.paired, times.end),
    },
    responseUs,
  }
}

/** A connection fails a moment after the fault, but may be booked a moment before the drill knows of it. */
const FAULT_TOLERANCE_SECONDS = 0.05

/** The longest outage of each client; the first counts from the fault itself. */
function measureRto(outages: RunResult['outages'], fault: number): DrillMeasures['rtoMs'] {
  const longest = new Map<number, number>()
  for (const {connection, failed, to} of outages) {
    const since = longest.has(connection) ? failed : fault
    const seconds = to === null ? Number.POSITIVE_INFINITY : to - since
    longest.set(connection, Math.max(longest.get(connection) ?? 0, seconds))
  }
  const all = [...longest.values()].toSorted((a, b) => a - b)
  const served = all.filter(Number.isFinite).map(ms)
  return {
    clients: all.length,
    never: all.length - served.length,
    min: served[0] ?? null,
    p50: served[Math.floor((served.length - 1) / 2)] ?? null,
    max: served.at(-1) ?? null,
  }
}

function measureBack(intervals: readonly LoadInterval[], fault: number, before: number | null): number | null {
  if (before === null || before === 0) return null
  const later = intervals.filter(({t}) => t > fault)
  // Where the rate never fell there is nothing to come back from.
  const fell = later.findIndex(({opsPerSecond}) => opsPerSecond < before * BACK_SHARE)
  if (fell < 0) return 0
  const back = later.findIndex(
    (_, at) =>
      at >= fell &&
      at + BACK_INTERVALS <= later.length &&
      later.slice(at, at + BACK_INTERVALS).every(({opsPerSecond}) => opsPerSecond >= before * BACK_SHARE),
  )
  return back < 0 ? null : ms(later[back]!.t - later[back]!.seconds - fault)
}

function rateBetween(intervals: readonly LoadInterval[], from: number, to: number): number | null {
  const within = intervals.filter(({t, seconds}) => t - seconds / 2 >= from && t - seconds / 2 < to)
  const seconds = within.reduce((sum, interval) => sum + interval.seconds, 0)
  if (seconds === 0) return null
  return within.reduce((sum, {opsPerSecond, seconds: length}) => sum + opsPerSecond * length, 0) / seconds
}

function ms(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000))
}
