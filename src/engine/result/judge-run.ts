import type {ConsistencyCheck} from '../check/pair-check.js'
import {countErrors, type OperationCounts} from '../measure/accounts.js'
import type {Verdict} from '../measure/verdict.js'
import {countFaults} from '../verify/verification.js'
import type {RunResult} from './run-result.js'

/** Faults that fail a run, by the names of the metrics that count them; `pair` stands for all that begin with it. */
export const runFaults = ['errors', 'timedOut', 'lost', 'unanswered', 'connectionErrors', 'unpaired', 'pair'] as const

export type RunFault = (typeof runFaults)[number]

type Judged = Pick<
  RunResult,
  | 'plan'
  | 'operations'
  | 'prefill'
  | 'connections'
  | 'link'
  | 'verification'
  | 'interrupted'
  | 'endedEarly'
  | 'consistency'
  | 'checkProblem'
>

/**
 * The verdict on a run. It fails if anything went wrong between load and server, or if its pair did not replicate during
 * the load; a slow server is a finding, not a failure.
 * @param accepted faults with an assertion of the operator: they are judged by that alone
 */
export function judgeRun(run: Judged, accepted: ReadonlySet<RunFault> = new Set()): Verdict {
  const {interrupted, link, consistency, checkProblem} = run
  if (interrupted) return 'unknown'
  if (Object.values(faultsOf(run, accepted)).some(count => count > 0)) return 'fail'
  if (link !== null && link.unknownSeconds > 0 && !accepted.has('unpaired')) return 'unknown'
  if (accepted.has('pair')) return 'pass'
  return checkProblem !== null || (consistency?.undecided ?? 0) > 0 ? 'unknown' : 'pass'
}

/** How often each fault of a run happened; 0 for accepted ones. */
export function faultsOf(
  run: Judged,
  accepted: ReadonlySet<RunFault> = new Set(),
): Readonly<Record<RunFault | 'endedEarly' | 'prefill' | 'reads', number>> {
  const {plan, operations, prefill, connections, link, verification, endedEarly, consistency} = run
  const counts: Record<RunFault, number> = {
    ...faultsIn(operations),
    connectionErrors: countConnectionFaults({plan, connections}),
    unpaired: link !== null && link.unpairedSeconds > 0 ? 1 : 0,
    pair: countFindings(consistency) + (link?.parting?.before === false ? 1 : 0),
  }
  for (const fault of accepted) counts[fault] = 0
  const inPrefill = prefill === null ? [] : Object.values(faultsIn(prefill.operations))
  return {
    ...counts,
    endedEarly: endedEarly === null ? 0 : 1,
    prefill: inPrefill.reduce((sum, count) => sum + count, 0),
    reads: countFaults(verification),
  }
}

/** Connections that are reopened are no fault; the calls that they lost are. */
function countConnectionFaults({plan, connections}: Pick<RunResult, 'plan' | 'connections'>): number {
  return plan.reconnect || plan.failover ? 0 : countErrors(connections.errors)
}

function faultsIn({
  errors,
  timedOut,
  lostWithConnection,
  unanswered,
}: OperationCounts): Record<'errors' | 'timedOut' | 'lost' | 'unanswered', number> {
  return {errors: countErrors(errors), timedOut, lost: lostWithConnection, unanswered}
}

/** Wrong keys on the nodes: lost, stale, diverged … */
function countFindings(consistency: ConsistencyCheck | null): number {
  return consistency === null ? 0 : Object.values(consistency.findings).reduce((sum, count) => sum + count, 0)
}
