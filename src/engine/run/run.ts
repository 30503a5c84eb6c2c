import {readConnectionLimit} from '../../ask/look/connection-limit.js'
import {lookAtServer} from '../../ask/look/look-at-server.js'
import {isNoMemcached, LookError} from '../../ask/look/look-error.js'
import type {Address} from '../../protocol/address.js'
import {TURNED_AWAY} from '../measure/accounts.js'
import {noRequests, type RequestCount} from '../measure/request-counts.js'
import {type LoadPhase, phasesOf} from '../plan/phases.js'
import type {LoadPlan} from '../plan/plan.js'
import {describeRun, type RunMerges} from '../result/run-description.js'
import {RunMerge} from '../result/run-merge.js'
import type {RunResult} from '../result/run-result.js'
import {newVerifyAssignment, type VerifyAssignment} from '../verify/verifier.js'
import {RunCheck} from './run-check.js'
import {RunLag} from './run-lag.js'
import {RunObserver} from './run-observer.js'
import type {RunOptions} from './run-options.js'
import {runThreads} from './worker-pool.js'

/**
 * Runs a load to its end.
 * @returns the result of the run, also of one that was interrupted
 * @throws LookError when there is no memcached at the target: says what is there instead
 * @throws BookkeepingError when the counts of operations do not add up
 */
export async function runLoad(options: RunOptions): Promise<RunResult> {
  const {plan, signal} = options
  const checks = noRequests()
  const targets = await lookAtAll(options, checks)
  const startedAt = new Date()
  const phases = phasesOf(plan)
  const merges = mergesOf(phases, options.targets[0]!)
  const lag = new RunLag(options.lagProbe, options.startLagProbe)
  const observer = new RunObserver({...options, isPhased: phases.length > 1, merges, lag})
  const verify = plan.verify ? (options.verify ?? newVerifyAssignment(plan)) : null
  const check = new RunCheck({plan, verify, signal, asked: options.check, requests: checks})
  try {
    await check.start()
    await runPhases({options: {...options, targets}, verify, phases, merges, lag, observer})
    const link = (await options.link?.()) ?? null
    const checked = await check.finish(progress => observer.checking(progress))
    const connectionLimit = await limitOf(targets[0]!, merges.load, options)
    observer.done()
    return describeRun({
      plan,
      targets: options.targets,
      merges,
      lag,
      checks,
      connectionLimit,
      link,
      startedAt,
      interrupted: signal.aborted,
      events: observer.events(),
      ...checked,
    })
  } finally {
    check.close()
  }
}

/** One merge for each phase, because phases are counted apart. */
function mergesOf(phases: readonly LoadPhase[], target: Address): RunMerges {
  const mergeOf = (name: LoadPhase['name']): RunMerge | undefined => {
    const phase = phases.find(candidate => candidate.name === name)
    return phase && new RunMerge({plan: phase.plan, target})
  }
  return {prefill: mergeOf('prefill'), warmup: mergeOf('warmup'), load: mergeOf('load')!}
}

async function runPhases({
  options,
  verify,
  phases,
  merges,
  lag,
  observer,
}: {
  options: RunOptions
  verify: VerifyAssignment | null
  phases: readonly LoadPhase[]
  merges: RunMerges
  lag: RunLag
  observer: RunObserver
}): Promise<void> {
  let loadStartMs = 0
  try {
    lag.open()
    await runThreads(
      {...options, verify, phases},
      {
        onRate: (ratePerSecond, atMs) => {
          merges.load.changeRate(ratePerSecond, atMs - loadStartMs)
          observer.rateChanged(ratePerSecond, atMs)
        },
        onStart: ({name}, startMs) => {
          observer.started(name, startMs)
          if (name !== 'load') return
          loadStartMs = startMs
          lag.start(startMs)
          options.onStart?.(startMs)
        },
        onReport: ({name}, {thread, report, outages}) => {
          const merge = merges[name]!
          observer.connectionsFailed(merge.add(thread, report))
          if (name === 'load') options.onDelta?.(report.delta)
          merge.outages.push(...(outages ?? []))
          observer.reported(thread, outages !== null)
        },
      },
    )
  } finally {
    observer.stop()
    await lag.stop({signal: options.signal})
  }
}

/** Connection limit of a server that turned connections away; else null. */
async function limitOf(server: Address, load: RunMerge, {signal}: RunOptions): Promise<number | null> {
  return load.connectionErrors()[TURNED_AWAY] === undefined ? null : await readConnectionLimit(server, {signal})
}

/** Checks that each target is a memcached. @returns numeric addresses, so that the load looks up no names */
async function lookAtAll(
  {plan, targets, spread = false, signal}: RunOptions,
  requests: RequestCount,
): Promise<Address[]> {
  const looks = targets.map(async (target, index) => {
    try {
      const {address, connections} = await lookAtServer(target, {
        timeoutMs: plan.connectTimeoutMs ?? plan.timeoutMs,
        signal,
      })
      requests.connections += connections
      return address
    } catch (error) {
      if (!(error instanceof LookError) || !mayBeThereLater(error, {isSpare: index > 0 && !spread, plan})) throw error
      return target
    }
  })
  return await Promise.all(looks)
}

/** With failover a load starts without a server that is down or frozen; never with one that is no memcached. */
function mayBeThereLater(error: LookError, {isSpare, plan}: {isSpare: boolean; plan: LoadPlan}): boolean {
  return !isNoMemcached(error) && (isSpare || (error.code === 'ERR_SILENT_SERVER' && plan.failover))
}
