import {checkBooks, countErrors, countReplies} from './accounts.js'
import {type LoadPlan, plannedSeconds} from './plan.js'
import type {OperationCounts} from './run-events.js'
import type {RunMerge} from './run-merge.js'
import type {RunResult} from './run-result.js'

/** With more late calls than this, the generator and not the server set the pace of an open loop. */
const LATE_CALLS_MAX_SHARE = 0.01
/** A closed loop whose thread is busier than this is as fast as the generator can go. */
const THREAD_BUSY_SHARE = 0.95

interface RunFacts extends Pick<RunResult, 'plan' | 'target' | 'interrupted' | 'events'> {
  readonly merge: RunMerge
  readonly startedAt: Date
}

/**
 * The result of a finished run.
 * @throws BookkeepingError when an operation is missing from the books
 */
export function describeRun({plan, target, merge, startedAt, interrupted, events}: RunFacts): RunResult {
  const operations = merge.operations()
  checkBooks(operations)
  const planned = plannedSeconds(plan)
  const wholeSchedule = plan.ratePerSecond > 0 && operations.unsent === 0
  // A schedule ends one interval after its last call: without it a short run would seem faster than it was meant to be.
  const durationSeconds = Math.max(merge.elapsedMs / 1000, wholeSchedule ? (planned ?? 0) : 0)
  const perSecond = (total: number): number | null => (durationSeconds > 0 ? total / durationSeconds : null)
  const cpuSeconds = merge.cpuSecondsByThread
  return {
    seed: plan.seed,
    startedAt: startedAt.toISOString(),
    plan,
    target,
    interrupted,
    durationSeconds,
    plannedSeconds: planned,
    operations: {...operations, errors: {...operations.errors}},
    reads: null,
    connections: describeConnections(plan, merge),
    warmup: null,
    prefill: null,
    verification: null,
    throughput: {
      opsPerSecond: perSecond(countReplies(operations)),
      offeredPerSecond: plan.ratePerSecond > 0 && planned !== null ? operations.intended / planned : null,
      bytesOutPerSecond: perSecond(merge.sum('bytesOut')),
      bytesInPerSecond: perSecond(merge.sum('bytesIn')),
    },
    latencyUs: {
      response: merge.response.summary(),
      service: merge.service.summary(),
      byMethod: Object.fromEntries(plan.mix.map(({method}, index) => [method, merge.byMethod[index]!.summary()])),
      serviceByMethod: {},
      histogram: merge.response.toBase64(),
      serviceHistogram: merge.service.toBase64(),
    },
    timeline: merge.timeline.entries(durationSeconds),
    events,
    generator: {
      threads: plan.threads,
      cpuSecondsByThread: cpuSeconds,
      cpuSeconds: cpuSeconds.reduce((sum, seconds) => sum + seconds, 0),
      scheduleSlipUs: merge.slipUs(),
      eventLoopDelayUs: merge.eventLoopDelayUs,
      saturated:
        plan.ratePerSecond > 0
          ? merge.sum('lateCalls') > operations.sent * LATE_CALLS_MAX_SHARE
          : cpuSeconds.some(seconds => seconds > durationSeconds * THREAD_BUSY_SHARE),
    },
    verdict: judge({operations, connectionErrors: merge.connectionErrors(), interrupted}),
  }
}

function describeConnections(plan: LoadPlan, merge: RunMerge): RunResult['connections'] {
  return {
    planned: plan.connections,
    opened: merge.sum('connectionsOpened'),
    errors: merge.connectionErrors(),
    reopened: 0,
    failedOver: 0,
    failedBack: 0,
  }
}

/** A run fails by what went wrong between load and server; that a server was too slow is a finding, no failure. */
function judge(facts: {
  operations: OperationCounts
  connectionErrors: Readonly<Record<string, number>>
  interrupted: boolean
}): RunResult['verdict'] {
  const {operations, connectionErrors, interrupted} = facts
  const wrong =
    countErrors(operations.errors) + operations.timedOut + operations.lostWithConnection + countErrors(connectionErrors)
  if (wrong > 0 && !interrupted) return 'fail'
  return interrupted ? 'unknown' : 'pass'
}
