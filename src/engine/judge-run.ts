import {countErrors} from './accounts.js'
import type {OperationCounts} from './run-events.js'
import type {RunResult} from './run-result.js'
import type {Verdict} from './verdict.js'
import {countFaults} from './verify/verification.js'

/** What makes a run fail by itself, by the names of the measures that count it. */
export const runFaults = ['errors', 'timedOut', 'lost', 'connectionErrors'] as const

export type RunFault = (typeof runFaults)[number]

type Judged = Pick<RunResult, 'plan' | 'operations' | 'prefill' | 'connections' | 'verification' | 'interrupted'>

/**
 * A run fails by what went wrong between load and server; that a server was
 * too slow is a finding, no failure.
 * @param accepted what the operator has set a budget for: it is judged by that alone
 */
export function judgeRun(run: Judged, accepted: ReadonlySet<RunFault> = new Set()): Verdict {
  const {plan, operations, prefill, connections, verification, interrupted} = run
  if (interrupted) return 'unknown'
  // Connections that are opened again are no fault of their own; the calls that they lost are.
  const reopens = plan.reconnect || plan.failover
  const counts: Readonly<Record<RunFault, number>> = {
    ...faultsIn(operations),
    connectionErrors: reopens ? 0 : countErrors(connections.errors),
  }
  const own = runFaults.filter(fault => !accepted.has(fault)).reduce((sum, fault) => sum + counts[fault], 0)
  const inPrefill = prefill === null ? 0 : Object.values(faultsIn(prefill.operations)).reduce((a, b) => a + b, 0)
  return own + inPrefill + countFaults(verification) > 0 ? 'fail' : 'pass'
}

function faultsIn({
  errors,
  timedOut,
  lostWithConnection,
}: OperationCounts): Record<'errors' | 'timedOut' | 'lost', number> {
  return {errors: countErrors(errors), timedOut, lost: lostWithConnection}
}
