import type {LatencySummary} from '../../measure/latency-summary.js'
import type {RunResult} from '../../result/run-result.js'
import type {FullCopy} from '../runner/copy-watch.js'
import type {ProbingReport} from '../runner/probing-clients.js'
import {isWhole, type LoadInterval, unservedSecondsOf} from './load-intervals.js'
import {type DrillRto, FAULT_TOLERANCE_SECONDS, measureRto, outagesSince, type RtoSource} from './rto.js'

/** Of the rate before the fault; from here on the load counts as recovered. */
const BACK_SHARE = 0.95
/** It has to hold for so many intervals, so that one lucky moment does not count. */
const BACK_INTERVALS = 3

/** All in seconds from the start of the load. */
export interface DrillTimes {
  readonly fault: number
  /** When the operator began to act; null when it did not come to that. */
  readonly recover: number | null
  /** When writes crossed both ways again; null = never in the time given. */
  readonly paired: number | null
  /** Whether the time that was given for that is over, or needed no more. */
  readonly settled: boolean
  readonly end: number
}

export interface DrillMeasures {
  /** From the fault to the first connection of the load that failed; null when none did. */
  readonly firstErrorMs: number | null
  /** From the fault to the first word about it in a node's log, and whose; null when they say nothing. */
  readonly detectionMs: number | null
  readonly detectedBy: {readonly node: string; readonly kind: string} | null
  /** From the fault to the first call that could have been served, by client. */
  readonly rtoMs: DrillRto
  /** Clients of the drill's own beside a load whose calls are too far apart; null where there were none. */
  readonly probes: ProbingReport | null
  /** Of the whole load, by kind: connections that failed, refusals, calls without a reply. */
  readonly errors: Readonly<Record<string, number>>
  /** Time after the fault in which nobody was served at all, to a fifth of a second. */
  readonly unservedMs: number
  /** From the fault until the rate was back; null = not in the time given, or there was none before. */
  readonly backToBaselineMs: number | null
  /** From the fault until p99 of each fifth of a second was no worse than the worst before it; null likewise. */
  readonly p99BackMs: number | null
  /** Full copies since the fault; null without one. */
  readonly fullCopy: {
    readonly copies: readonly FullCopy[]
    /** The longest that was complete; null when none was. */
    readonly longestMs: number | null
    /** Response time of the load meanwhile. */
    readonly responseUs: LatencySummary
  } | null
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
  /** The same without what may be the generator's own lateness; missing in documents of before. */
  readonly netResponseUs?: DrillMeasures['responseUs'] | undefined
}

interface MeasuredFacts {
  readonly times: DrillTimes
  /** Of a drill of many faults: when each began, in seconds from the start of the load; else empty. */
  readonly faultTimes: readonly number[]
  /** Of the nodes; seconds from the start of the load. */
  readonly events: RunResult['events']
  readonly errors: Readonly<Record<string, number>>
  readonly copies: readonly FullCopy[]
  readonly copyingUs: LatencySummary
  readonly intervals: readonly LoadInterval[]
  /** Of the load. */
  readonly outages: RunResult['outages']
  /** Whose outages give the RTO. */
  readonly rto: RtoSource
  readonly probes: ProbingReport | null
  readonly responseUs: DrillMeasures['responseUs']
  readonly netResponseUs?: DrillMeasures['netResponseUs']
  /** Of all calls of the load. */
  readonly writeShare: number
}

/** Node events that tell of a failure; those of nodes that the drill itself stops are not among them. */
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

/** A joiner whose copy breaks off says no more than one that found nobody. */
function tellsOfFailure(events: MeasuredFacts['events'], index: number): boolean {
  const {kind} = events[index]!
  if (kind !== 'dialFailed') return telling.includes(kind)
  return events.slice(0, index).findLast(before => before.kind.startsWith('fullSync'))?.kind === 'fullSyncStarted'
}

/** What a drill's load and its nodes' logs show of the fault. */
export function measureDrill(facts: MeasuredFacts): DrillMeasures {
  const {times, faultTimes, intervals, events, outages, rto, probes, errors, responseUs, netResponseUs, writeShare} =
    facts
  const before = rateBetween(intervals, 0, times.fault)
  const hit = outagesSince(outages, times.fault).filter(({failure}) => failure !== null)
  const told = events.find(({t}, index) => t >= times.fault - FAULT_TOLERANCE_SECONDS && tellsOfFailure(events, index))
  /** The fault that something is to be counted from. */
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

function measureCopies({copies, copyingUs}: MeasuredFacts): DrillMeasures['fullCopy'] {
  if (copies.length === 0) return null
  const lengths = copies.flatMap(({from, to}) => (to === null ? [] : [ms(to - from)]))
  return {copies, longestMs: lengths.length === 0 ? null : Math.max(...lengths), responseUs: copyingUs}
}

function middleOf({t, seconds}: LoadInterval): number {
  return t - seconds / 2
}

/** When rate and p99 were as good again as at their worst before the fault: that is how steady this load is here. */
function measureBack(
  intervals: readonly LoadInterval[],
  firstFault: number,
  lastFault: number,
): Pick<DrillMeasures, 'backToBaselineMs' | 'p99BackMs'> {
  const whole = intervals.filter(isWhole)
  const before = whole.filter(({t}) => t <= firstFault)
  const rate = rateBetween(intervals, 0, firstFault)
  const after = whole.filter(({t}) => t > lastFault)
  const lowest = Math.min((rate ?? 0) * BACK_SHARE, ...before.map(({opsPerSecond}) => opsPerSecond))
  const worst = Math.max(...before.map(({p99}) => p99 ?? 0))
  const back = (isGood: (interval: LoadInterval) => boolean): number | null => {
    // Where it never was worse there is nothing to come back from.
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
