import type {Address} from '../protocol/address.js'
import type {ClusterNode} from '../server/cluster-node.js'
import type {LoadPlan} from './plan.js'
import {reach} from './reach.js'
import {describeRun} from './run-description.js'
import type {RunSnapshot} from './run-events.js'
import {RunMerge} from './run-merge.js'
import {RunObserver} from './run-observer.js'
import type {RunResult} from './run-result.js'
import {runThreads, type StartLoadThread} from './worker-pool.js'

export interface RunOptions {
  readonly plan: LoadPlan
  readonly target: Address
  /** Aborting it ends the run; what was measured so far is its result. */
  readonly signal: AbortSignal
  /** Called five times a second, and once at the end. */
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
  /** Nodes whose events belong on the run's timeline. */
  readonly nodes?: readonly Pick<ClusterNode, 'onEvent'>[]
  /** How a load thread is started; a worker thread unless told otherwise. */
  readonly startThread?: StartLoadThread
}

/**
 * Runs a load to its end and says what came of it.
 * @throws UnreachableError when nobody answers at the target
 * @throws BookkeepingError when an operation is missing from the books
 */
export async function runLoad(options: RunOptions): Promise<RunResult> {
  const {plan, signal} = options
  const target = await reach(options.target, {timeoutMs: plan.timeoutMs, signal})
  const startedAt = new Date()
  const merge = new RunMerge({plan, target: options.target})
  const observer = new RunObserver({...options, merge})
  try {
    await runThreads({
      plan,
      target,
      signal,
      ...(options.startThread === undefined ? {} : {startThread: options.startThread}),
      onStart: startMs => observer.started(startMs),
      onReport: (thread, report, final) => {
        const {elapsedMs, failures} = merge.add(thread, report)
        observer.connectionsFailed(elapsedMs, failures)
        observer.reported(thread, final)
      },
    })
  } finally {
    observer.stop()
  }
  options.onSnapshot?.(merge.snapshot('done'))
  return describeRun({
    plan,
    target: options.target,
    merge,
    startedAt,
    interrupted: signal.aborted,
    events: observer.events(),
  })
}
