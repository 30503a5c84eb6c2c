import {readConnectionLimit} from '../../ask/look/connection-limit.js'
import {lookAtServer} from '../../ask/look/look-at-server.js'
import {isNoMemcached, LookError} from '../../ask/look/look-error.js'
import type {Address} from '../../protocol/address.js'
import {TURNED_AWAY} from '../measure/accounts.js'
import {noRequests, type RequestCount} from '../measure/request-counts.js'
import {type LoadPhase, phasesOf} from '../plan/phases.js'
import type {LoadPlan} from '../plan/plan.js'
import {describeRun} from '../result/run-description.js'
import {RunMerge} from '../result/run-merge.js'
import type {RunResult} from '../result/run-result.js'
import {newVerifyAssignment, type VerifyAssignment} from '../verify/verifier.js'
import {RunCheck} from './run-check.js'
import {RunLag} from './run-lag.js'
import {RunObserver} from './run-observer.js'
import type {RunOptions} from './run-options.js'
import {runThreads} from './worker-pool.js'

/**
 * Runs a load to its end and says what came of it.
 * @throws LookError when there is no memcached at the target, and says what is there instead
 * @throws BookkeepingError when an operation is missing from the books
 */
export async function runLoad(options: RunOptions): Promise<RunResult> {
  const {plan, signal} = options
  const checks = noRequests()
  const targets = await lookAtAll(options, checks)
  const startedAt = new Date()
  const phases = phasesOf(plan).map(phase => ({
    ...phase,
    merge: new RunMerge({plan: phase.plan, target: options.targets[0]!}),
  }))
  const mergeOf = (name: LoadPhase['name']) => phases.find(phase => phase.name === name)?.merge
  const lag = new RunLag(options.lagProbe, options.startLagProbe)
  const observer = new RunObserver({...options, phases, lag})
  const verify = plan.verify ? (options.verify ?? newVerifyAssignment(plan)) : null
  const check = new RunCheck({plan, verify, signal, asked: options.check, requests: checks})
  try {
    await check.start()
    await runPhases({options, targets, verify, phases, mergeOf, lag, observer})
    const link = (await options.link?.()) ?? null
    const merges = {load: mergeOf('load')!, warmup: mergeOf('warmup'), prefill: mergeOf('prefill')}
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

async function runPhases(parts: {
  options: RunOptions
  targets: readonly Address[]
  verify: VerifyAssignment | null
  phases: readonly LoadPhase[]
  mergeOf: (name: LoadPhase['name']) => RunMerge | undefined
  lag: RunLag
  observer: RunObserver
}): Promise<void> {
  const {options, targets, verify, phases, mergeOf, lag, observer} = parts
  const {plan, signal, spread = false} = options
  let loadStartMs = 0
  try {
    lag.open()
    await runThreads({
      phases: phases.map(({name, plan: phasePlan, calls}) => ({name, plan: phasePlan, calls})),
      targets,
      spread,
      connections: plan.connections,
      threads: plan.threads,
      verify,
      signal,
      ...(options.startThread === undefined ? {} : {startThread: options.startThread}),
      ...(options.control === undefined ? {} : {control: options.control}),
      onRate: (ratePerSecond, atMs) => {
        mergeOf('load')!.changeRate(ratePerSecond, atMs - loadStartMs)
        observer.rateChanged(ratePerSecond, atMs)
      },
      onStart: (phase, startMs) => {
        observer.started(phase.name, startMs)
        if (phase.name !== 'load') return
        loadStartMs = startMs
        lag.start(startMs)
        options.onStart?.(startMs)
      },
      onReport: (phase, {thread, report, outages}) => {
        observer.connectionsFailed(mergeOf(phase.name)!.add(thread, report))
        if (phase.name === 'load') options.onDelta?.(report.delta)
        mergeOf(phase.name)!.outages.push(...(outages ?? []))
        observer.reported(thread, outages !== null)
      },
    })
  } finally {
    observer.stop()
    await lag.stop({signal})
  }
}

/** How many clients a server may have, where it turned some away. */
async function limitOf(server: Address, load: RunMerge, {signal}: RunOptions): Promise<number | null> {
  return load.connectionErrors()[TURNED_AWAY] === undefined ? null : await readConnectionLimit(server, {signal})
}

/** Addresses by number: the load itself looks up no names. */
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

/** Where clients may go elsewhere, a load goes on without a server that is down or frozen; never to one that is no memcached. */
function mayBeThereLater(error: LookError, {isSpare, plan}: {isSpare: boolean; plan: LoadPlan}): boolean {
  return !isNoMemcached(error) && (isSpare || (error.code === 'ERR_SILENT_SERVER' && plan.failover))
}
