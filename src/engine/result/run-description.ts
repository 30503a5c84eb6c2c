import type {Address} from '../../protocol/address.js'
import {methods} from '../data/methods.js'
import {checkCounts, countErrors, countSuccesses} from '../measure/accounts.js'
import type {LatencyMerge, LatencySummary} from '../measure/latency-summary.js'
import {probeRequests, type Requests, sumRequests} from '../measure/request-counts.js'
import {isOpenLoop, type LoadPlan} from '../plan/plan.js'
import {judgeRun} from './judge-run.js'
import type {RunMerge} from './run-merge.js'
import type {RunResult, TimelineEntry} from './run-result.js'

/** Measurements of each phase. */
export interface RunMerges {
  readonly load: RunMerge
  readonly warmup: RunMerge | undefined
  readonly prefill: RunMerge | undefined
}

/** The lag of the pair during the run. */
interface MeasuredLag {
  /** Null when it was not measured. */
  summary(): RunResult['lagUs']
  /** The entries of a timeline with the longest lag of their second. */
  addTo(timeline: readonly TimelineEntry[]): TimelineEntry[]
}

interface RunFacts
  extends Pick<RunResult, 'plan' | 'interrupted' | 'events' | 'link' | 'consistency' | 'checkProblem'> {
  readonly targets: readonly Address[]
  readonly merges: RunMerges
  readonly lag: MeasuredLag
  /** Requests to the nodes besides load and probes. */
  readonly checks: Requests
  /** Connection limit of the target, if it turned connections away; null when unknown. */
  readonly connectionLimit: number | null
  readonly startedAt: Date
}

/**
 * The result of a finished run.
 * @throws BookkeepingError when the counts of operations do not add up
 */
export function describeRun({
  plan,
  targets,
  merges,
  lag,
  checks,
  connectionLimit,
  link,
  startedAt,
  interrupted,
  events,
  ...checked
}: RunFacts): RunResult {
  const merge = merges.load
  const operations = merge.operations()
  checkCounts(operations)
  const planned = merge.plannedSeconds
  // A load that was interrupted before its first call has not begun its schedule.
  const wholeSchedule = isOpenLoop(plan) && operations.unsent === 0 && operations.intended > 0
  // A schedule ends one interval after its last call: without it a short run would seem faster than planned.
  const durationSeconds = Math.max(merge.elapsedMs / 1000, wholeSchedule ? (planned ?? 0) : 0)
  // A server that dies after one of ten planned seconds serves nothing in the other nine.
  const ratedSeconds = interrupted ? durationSeconds : Math.max(durationSeconds, planned ?? 0)
  const perSecond = (total: number): number | null => (ratedSeconds > 0 ? total / ratedSeconds : null)
  const connections = describeConnections(plan, merge, connectionLimit)
  const prefill = describePrefill(merges.prefill)
  const measured = {
    seed: plan.seed,
    startedAt: startedAt.toISOString(),
    plan,
    target: targets[0]!,
    targets: [...targets],
    interrupted,
    durationSeconds,
    plannedSeconds: planned,
    endedEarly: describeEarlyEnd({interrupted, operations, connections, ...endOf(plan, merge)}),
    operations: {...operations, errors: {...operations.errors}},
    reads: describeReads(plan, merge),
    connections,
    outages: merge.outages,
    warmup: describeWarmup(merges.warmup),
    prefill,
    verification: merge.verification(),
    consistency: checked.consistency,
    checkProblem: checked.checkProblem,
    total: describeTotal(merges, lag, checks),
    throughput: {
      opsPerSecond: perSecond(countSuccesses(operations)),
      ranOpsPerSecond: durationSeconds > 0 ? countSuccesses(operations) / durationSeconds : null,
      errorsPerSecond: perSecond(countErrors(operations.errors)),
      offeredPerSecond: isOpenLoop(plan) && planned !== null ? operations.intended / planned : null,
      bytesOutPerSecond: perSecond(merge.sum('bytesOut')),
      bytesInPerSecond: perSecond(merge.sum('bytesIn')),
    },
    latencyUs: describeLatency(plan, merge),
    lagUs: lag.summary(),
    link,
    steps: merge.steps.steps(ratedSeconds * 1000),
    timeline: lag.addTo(merge.timeline.entries({durationSeconds, plannedSeconds: planned})),
    events,
    generator: describeGenerator(plan, merge, durationSeconds),
  }
  return {...measured, verdict: judgeRun(measured)}
}

function endOf(plan: LoadPlan, {plannedSeconds, elapsedMs}: RunMerge) {
  return {plannedSeconds, elapsedSeconds: elapsedMs / 1000, isOpenLoop: isOpenLoop(plan)}
}

function describeTotal(merges: RunMerges, lag: MeasuredLag, checks: Requests): RunResult['total'] {
  const probe = lag.summary()?.probe ?? null
  const probes = probe === null ? null : probeRequests(probe)
  const load = merges.load.requests()
  const warmup = merges.warmup?.requests() ?? null
  const prefill = merges.prefill?.requests() ?? null
  const all = [load, warmup, prefill, probes, checks].filter(requests => requests !== null)
  return {connections: sumRequests(all).connections, load, warmup, prefill, probes, checks}
}

function describeLatency(plan: LoadPlan, merge: RunMerge): RunResult['latencyUs'] {
  const byMethod = (merges: readonly LatencyMerge[]): Record<string, LatencySummary> =>
    Object.fromEntries(plan.mix.map(({method}, index) => [method, merges[index]!.summary()]))
  return {
    response: merge.response.summary(),
    service: merge.service.summary(),
    byMethod: byMethod(merge.byMethod),
    serviceByMethod: byMethod(merge.serviceByMethod),
    net: {
      response: merge.net.response.summary(),
      service: merge.net.service.summary(),
      byMethod: byMethod(merge.net.byMethod),
      serviceByMethod: byMethod(merge.net.serviceByMethod),
    },
    histogram: merge.response.toBase64(),
    serviceHistogram: merge.service.toBase64(),
  }
}

function describeGenerator(plan: LoadPlan, merge: RunMerge, durationSeconds: number): RunResult['generator'] {
  const cpuSecondsByThread = merge.cpuSecondsByThread
  return {
    threads: plan.threads,
    cpuSeconds: cpuSecondsByThread.reduce((sum, seconds) => sum + seconds, 0),
    cpuSecondsByThread,
    scheduleSlipUs: merge.slipUs(),
    eventLoopDelayUs: merge.eventLoopDelayUs,
    lateShare: merge.lateShare(),
    saturated: merge.saturated(durationSeconds),
  }
}

function describeReads(plan: LoadPlan, merge: RunMerge): RunResult['reads'] {
  if (!plan.mix.some(({method}) => methods[method].reads)) return null
  return {keys: merge.sum('keysRead'), found: merge.sum('keysFound')}
}

function describeWarmup(merge: RunMerge | undefined): RunResult['warmup'] {
  if (merge === undefined) return null
  const operations = merge.operations()
  checkCounts(operations)
  return {
    seconds: merge.elapsedMs / 1000,
    operations: {...operations, errors: {...operations.errors}},
    response: merge.response.summary(),
  }
}

function describePrefill(merge: RunMerge | undefined): RunResult['prefill'] {
  if (merge === undefined) return null
  const operations = merge.operations()
  checkCounts(operations)
  return {seconds: merge.elapsedMs / 1000, operations: {...operations, errors: {...operations.errors}}}
}

function describeConnections(plan: LoadPlan, merge: RunMerge, limit: number | null): RunResult['connections'] {
  return {
    planned: plan.connections,
    opened: merge.connections('opened'),
    errors: merge.connectionErrors(),
    reopened: merge.connections('reopened'),
    failedOver: merge.connections('failedOver'),
    failedBack: merge.connections('failedBack'),
    limit,
  }
}

type Ended = Pick<RunResult, 'interrupted' | 'operations' | 'connections' | 'plannedSeconds'> & {
  /** How long the load really took. */
  readonly elapsedSeconds: number
  readonly isOpenLoop: boolean
}

/** How a load ended before its plan did; null when it ended as planned. */
export function describeEarlyEnd(run: Ended): RunResult['endedEarly'] {
  const {interrupted, elapsedSeconds, plannedSeconds} = run
  const isEarly = plannedSeconds === null || elapsedSeconds < plannedSeconds
  if (interrupted) return {seconds: elapsedSeconds, why: 'interrupted'}
  return isEarly && hasLostAll(run) ? {seconds: elapsedSeconds, why: 'no connection was left'} : null
}

/**
 * Whether work was left, and no connection to send it on. A closed loop does not
 * know how much it would have sent: there time must be left.
 */
function hasLostAll({operations, connections, plannedSeconds, elapsedSeconds, isOpenLoop}: Ended): boolean {
  const allFailed = countErrors(connections.errors) >= connections.planned
  const isTimeLeft = !isOpenLoop && plannedSeconds !== null && elapsedSeconds < plannedSeconds
  return allFailed && (operations.unsent > 0 || isTimeLeft)
}
