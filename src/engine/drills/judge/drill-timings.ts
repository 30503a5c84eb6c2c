import type {LatencySummary} from '../../measure/latency-summary.js'
import type {RunResult} from '../../result/run-result.js'
import {isWhole, type LoadInterval, unservedSecondsOf} from './load-intervals.js'
import {type DrillRto, FAULT_TOLERANCE_SECONDS, measureRto, outagesSince, type RtoSource} from './rto.js'

/** Share of the rate before the fault from which on the load counts as recovered. */
const BACK_SHARE = 0.95
/** It must hold for so many intervals, so that one lucky moment does not count. */
const BACK_INTERVALS = 3

/** All in seconds from the start of the load. */
export interface DrillTimes {
  readonly fault: number
  /** When the operator began to act; null when the drill did not come that far. */
  readonly recover: number | null
  /** When writes crossed both ways again; null = not within the settle time. */
  readonly paired: number | null
  /** Whether the pair recovered or the settle time is over. */
  readonly settled: boolean
  readonly end: number
}

/** One full sync of a node's data to its peer. */
export interface FullSync {
  /** The sender. */
  readonly node: string
  /** Seconds from the start of the load. */
  readonly from: number
  /** Null when it was not complete. */
  readonly to: number | null
  readonly keys: number | null
}

/** What the drill's own clients did; their calls are not among the operations of the load. */
interface ProbingReport {
  readonly clients: number
  readonly callEveryMs: number
  readonly calls: number
  /** Calls without a good reply. */
  readonly failed: number
}

/** What the drill's own clients showed. */
export interface Probing {
  readonly report: ProbingReport
  /** On the clock of the drill's load. */
  readonly outages: RunResult['outages']
}

/** What the load and the node events show of the fault: the `measures` of a result. */
export interface DrillTimings {
  /** From the fault to the first connection of the load that failed; null when none did. */
  readonly firstErrorMs: number | null
  /** From the fault to the first node event that tells of it, and whose it is; null when there is none. */
  readonly detectionMs: number | null
  readonly detectedBy: {readonly node: string; readonly kind: string} | null
  /** From the fault to the first call that could have been served, by client. */
  readonly rtoMs: DrillRto
  /** The drill's own clients, used beside a load that calls too rarely; null without any. */
  readonly probes: ProbingReport | null
  /** Of the whole load, by kind: failed connections, refusals, calls without a reply. */
  readonly errors: Readonly<Record<string, number>>
  /** Time after the fault in which no client was served, to a fifth of a second. */
  readonly unservedMs: number
  /** From the fault until the rate was back; null when it was not, or there was no rate before the fault. */
  readonly backToBaselineMs: number | null
  /** From the fault until the p99 of each fifth of a second was no worse than the worst before it; null likewise. */
  readonly p99BackMs: number | null
  /** Full syncs since the fault; null without one. */
  readonly fullCopy: {
    readonly copies: readonly FullSync[]
    /** The longest complete one; null when none was. */
    readonly longestMs: number | null
    /** Response time of the load meanwhile. */
    readonly responseUs: LatencySummary
  } | null
  /** From the start of the recovery until writes crossed both ways; null = never. */
  readonly pairedAgainMs: number | null
  /** Acknowledged writes per second before the fault; null when nothing was written. */
  readonly writesPerSecond: number | null
  readonly throughput: {readonly before: number | null; readonly during: number | null; readonly after: number | null}
  readonly responseUs: DrillResponse
  /** The same without what may be the generator's own lateness; missing in older documents. */
  readonly netResponseUs?: DrillResponse | undefined
}

/** Response times before the fault, until the pair recovered, and after that. */
interface DrillResponse {
  readonly before: LatencySummary
  readonly during: LatencySummary
  readonly after: LatencySummary
}

/** The load of a drill, measured by its parts. */
export interface MeasuredLoad {
  readonly intervals: readonly LoadInterval[]
  readonly responseUs: DrillResponse
  readonly netResponseUs?: DrillResponse | undefined
  /** Response time while a full sync was under way. */
  readonly copyingUs: LatencySummary
}

interface TimingFacts extends MeasuredLoad {
  readonly times: DrillTimes
  /** When each fault of a soak began, in seconds from the start of the load; else empty. */
  readonly faultTimes: readonly number[]
  /** Of the nodes; seconds from the start of the load. */
  readonly events: RunResult['events']
  readonly errors: Readonly<Record<string, number>>
  readonly copies: readonly FullSync[]
  /** Of the load. */
  readonly outages: RunResult['outages']
  /** Whose outages give the RTO. */
  readonly rto: RtoSource
  readonly probes: ProbingReport | null
  /** Share of writes among the calls of the load, from 0 to 1. */
  readonly writeShare: number
}

/** Node events that tell of a failure; a drill's own stops and kills are not among them. */
const telling = [
  'linkLost',
  'overflow',
  'crashed',
  'bindFailed',
  'sendError',
  'linkFault',
  'outOfMemory',
  'thirdProcess',
]

/** Measures a drill by its load and the events of its nodes. */
export function measureTimings(facts: TimingFacts): DrillTimings {
  const {times, faultTimes, intervals, events, outages, rto, probes, errors, responseUs, netResponseUs, writeShare} =
    facts
  const before = rateBetween(intervals, 0, times.fault)
  const hit = outagesSince(outages, times.fault).filter(({failure}) => failure !== null)
  const told = events.find(({t}, index) => t >= times.fault - FAULT_TOLERANCE_SECONDS && tellsOfFailure(events, index))
  /** The fault from which a time is counted. */
  const faultBefore = (t: number): number =>
    faultTimes.findLast(fault => fault <= t + FAULT_TOLERANCE_SECONDS) ?? times.fault
  const firstError = Math.min(...hit.map(({failed}) => failed))
  return {
    firstErrorMs: hit.length === 0 ? null : ms(firstError - faultBefore(firstError)),
    detectionMs: told === undefined ? null : ms(told.t - faultBefore(told.t)),
    detectedBy: told === undefined ? null : {node: told.node, kind: told.kind},
    rtoMs: measureRto({...rto, fault: times.fault, faultBefore: faultTimes.length > 0 ? faultBefore : null}),
    probes,
    errors,
    unservedMs: ms(
      intervals
        .filter(interval => middleOf(interval) >= times.fault)
        .reduce((sum, interval) => sum + unservedSecondsOf(interval), 0),
    ),
    ...measureBack(intervals, times.fault, faultTimes.at(-1) ?? times.fault),
    fullCopy: measureCopies(facts),
    pairedAgainMs: times.paired === null || times.recover === null ? null : ms(times.paired - times.recover),
    writesPerSecond: before === null || writeShare === 0 ? null : before * writeShare,
    throughput: {
      before,
      during: rateBetween(intervals, times.fault, times.paired ?? times.end),
      after: times.paired === null ? null : rateBetween(intervals, times.paired, times.end),
    },
    responseUs,
    ...(netResponseUs === undefined ? {} : {netResponseUs}),
  }
}

/** A joiner tells of a failure only when its copy broke off: one that found no peer may be the first of its pair. */
function tellsOfFailure(events: TimingFacts['events'], index: number): boolean {
  const {kind} = events[index]!
  if (kind !== 'dialFailed') return telling.includes(kind)
  return events.slice(0, index).findLast(before => before.kind.startsWith('fullSync'))?.kind === 'fullSyncStarted'
}

function measureCopies({copies, copyingUs}: TimingFacts): DrillTimings['fullCopy'] {
  if (copies.length === 0) return null
  const lengths = copies.flatMap(({from, to}) => (to === null ? [] : [ms(to - from)]))
  return {copies, longestMs: lengths.length === 0 ? null : Math.max(...lengths), responseUs: copyingUs}
}

function middleOf({t, seconds}: LoadInterval): number {
  return t - seconds / 2
}

/** When rate and p99 were again as good as at their worst before the fault: that is how steady this load is here. */
function measureBack(
  intervals: readonly LoadInterval[],
  firstFault: number,
  lastFault: number,
): Pick<DrillTimings, 'backToBaselineMs' | 'p99BackMs'> {
  const whole = intervals.filter(isWhole)
  const before = whole.filter(({t}) => t <= firstFault)
  const rate = rateBetween(intervals, 0, firstFault)
  const after = whole.filter(({t}) => t > lastFault)
  const lowest = Math.min((rate ?? 0) * BACK_SHARE, ...before.map(({opsPerSecond}) => opsPerSecond))
  const worst = Math.max(...before.map(({p99}) => p99 ?? 0))
  const back = (isGood: (interval: LoadInterval) => boolean): number | null => {
    // What never was worse need not come back.
    const fell = after.findIndex(interval => !isGood(interval))
    if (fell < 0) return 0
    const at = after.findIndex(
      (_, index) =>
        index >= fell &&
        index + BACK_INTERVALS <= after.length &&
        after.slice(index, index + BACK_INTERVALS).every(isGood),
    )
    return at < 0 ? null : ms(after[at]!.t - after[at]!.seconds - lastFault)
  }
  if (rate === null || rate === 0) return {backToBaselineMs: null, p99BackMs: null}
  return {
    backToBaselineMs: back(({opsPerSecond}) => opsPerSecond >= lowest),
    p99BackMs: worst === 0 ? null : back(({p99}) => p99 !== null && p99 <= worst),
  }
}

function rateBetween(intervals: readonly LoadInterval[], from: number, to: number): number | null {
  const within = intervals.filter(interval => middleOf(interval) >= from && middleOf(interval) < to)
  const seconds = within.reduce((sum, interval) => sum + interval.seconds, 0)
  if (seconds === 0) return null
  return within.reduce((sum, {opsPerSecond, seconds: length}) => sum + opsPerSecond * length, 0) / seconds
}

function ms(seconds: number): number {
  return Math.max(0, Math.round(seconds * 1000))
}
