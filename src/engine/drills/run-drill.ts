import {setTimeout as delay} from 'node:timers/promises'
import {formatAddress} from '../../protocol/address.js'
import type {LedgerCheckOptions} from '../checks/check-ledger.js'
import {type DiffResult, diffNodes} from '../checks/diff-nodes.js'
import {type ConsistencyCheck, PairCheck} from '../checks/pair-check.js'
import {formatKey} from '../key-text.js'
import {LagProbe} from '../lag-probe.js'
import {methods} from '../methods.js'
import type {LoadPlan} from '../plan.js'
import {checkPlan} from '../plan.js'
import {Random} from '../random.js'
import {runLoad} from '../run.js'
import type {RunSnapshot} from '../run-events.js'
import type {RunResult} from '../run-result.js'
import type {StartLoadThread} from '../worker-pool.js'
import {type Drill, type DrillCluster, type DrillTools, FaultNotInjectedError} from './drill.js'
import {DrillLoad} from './drill-load.js'
import {type DrillTimes, measureDrill} from './drill-measures.js'
import type {DrillResult, DrillStep, StepName} from './drill-result.js'
import {measureRpo} from './drill-rpo.js'

const POLL_MS = 5
/** A pair whose writes do not cross within so long is not whole. */
const CROSS_LIMIT_MS = 5000
const SOAK_STREAM = 7

export interface DrillTiming {
  /** Load before the fault. */
  readonly beforeMs: number
  /** How long a fault that has a duration lasts. */
  readonly holdMs: number
  /** How long the pair may take to be whole again. */
  readonly settleLimitMs: number
  /** Load after that. */
  readonly afterMs: number
}

export const defaultTiming: DrillTiming = {beforeMs: 3000, holdMs: 2000, settleLimitMs: 15_000, afterMs: 2000}

export interface RunDrillOptions {
  readonly drill: Drill
  readonly cluster: DrillCluster
  /** The load; verified, with failover, and without an end of its own. */
  readonly plan: LoadPlan
  readonly timing?: Partial<DrillTiming>
  readonly signal: AbortSignal
  readonly startThread?: StartLoadThread
  readonly onStep?: (step: DrillStep) => void
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
  readonly onFinding?: LedgerCheckOptions['onFinding']
  readonly onCheckProgress?: LedgerCheckOptions['onProgress']
}

/**
 * Runs a drill from its load to its findings; what they are worth is judged by
 * judgeDrill(). Whatever happens, the load ends and a result comes of it.
 */
export function runDrill(options: RunDrillOptions): Promise<DrillResult> {
  return new DrillRun(options).run()
}

class DrillRun {
  readonly #options: RunDrillOptions
  readonly #timing: DrillTiming
  readonly #startedAt = new Date()
  readonly #steps: DrillStep[] = []
  readonly #eventKinds = new Set<string>()
  readonly #unsubscribe: readonly (() => void)[]
  readonly #load: DrillLoad
  readonly #probe: LagProbe
  readonly #check: PairCheck
  #step: StepName = 'before'
  #startMs = performance.now()
  #problem: string | null = null
  #faultAt = 0

  constructor(options: RunDrillOptions) {
    const {cluster, plan, startThread, onSnapshot} = options
    const {master, slave} = cluster
    this.#options = options
    this.#timing = {...defaultTiming, ...options.timing}
    this.#unsubscribe = [master, slave].map(node => node.onEvent(({kind}) => this.#eventKinds.add(kind)))
    this.#probe = new LagProbe({a: master.address, b: slave.address})
    this.#check = new PairCheck([master, slave])
    this.#load = new DrillLoad({
      plan,
      targets: [master.address, slave.address],
      nodes: [master, slave],
      ...(startThread === undefined ? {} : {startThread}),
      ...(onSnapshot === undefined ? {} : {onSnapshot}),
    })
  }

  async run(): Promise<DrillResult> {
    let times: DrillTimes | null = null
    try {
      times = await this.#drill()
    } catch (error) {
      this.#fail(error)
    }
    const run = await this.#endLoad()
    const judged = await this.#inspect()
    const lagUs = this.#probe.summary()
    await this.#probe.stop()
    this.#check.close()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
    return this.#describe({times, run, lagUs, ...judged})
  }

  /** All but the inspection at the end. */
  async #drill(): Promise<DrillTimes> {
    const {drill} = this.#options
    const tools = this.#tools()
    this.#begin('before', `load for ${this.#timing.beforeMs / 1000} s`)
    void this.#check.start()
    this.#startMs = await this.#load.started
    const loadedMs = performance.now()
    await tools.sleep(this.#timing.beforeMs)
    if (!(await tools.until(() => this.#probe.crossedSince(loadedMs), CROSS_LIMIT_MS))) {
      throw new FaultNotInjectedError('Expected a pair that is whole before the fault, got writes that do not cross')
    }
    this.#load.enter('during')
    this.#eventKinds.clear()
    this.#faultAt = this.#now()
    this.#begin('fault', drill.summary)
    await drill.fault(tools)
    const fault = this.#faultAt
    this.#begin('detect', 'who notices?')
    this.#done(this.#describeDetection())
    const recover = this.#now()
    const recoverMs = performance.now()
    this.#begin('recover', 'what an operator would do')
    await drill.recover(tools)
    this.#begin('settle', 'until writes cross both ways again')
    const whole = await tools.until(() => this.#probe.crossedSince(recoverMs), this.#timing.settleLimitMs)
    const paired = whole ? this.#now() : null
    this.#done(whole ? 'writes cross both ways' : 'writes do not cross: the pair is not whole', whole)
    this.#load.enter('after')
    await tools.sleep(this.#timing.afterMs)
    return {fault, recover, paired, end: this.#now()}
  }

  async #endLoad(): Promise<RunResult | null> {
    try {
      return await this.#load.stop()
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  /** What the nodes hold in the end. */
  async #inspect(): Promise<{check: ConsistencyCheck | null; comparison: DiffResult | null}> {
    const {drill, cluster, plan, onFinding, onCheckProgress} = this.#options
    const {master, slave} = cluster
    this.#begin('judge', 'read every key from both nodes')
    try {
      const check = await this.#check.check({
        plan,
        verify: this.#load.verify,
        probe: this.#probe,
        ...(onFinding === undefined ? {} : {onFinding}),
        ...(onCheckProgress === undefined ? {} : {onProgress: onCheckProgress}),
      })
      const comparison =
        drill.compares === undefined
          ? null
          : await diffNodes({a: master.address, b: slave.address, keys: keysOf(drill.compares)})
      this.#done(`${check.keys} keys read from both nodes`)
      return {check, comparison}
    } catch (error) {
      this.#fail(error)
      return {check: null, comparison: null}
    }
  }

  #describe(parts: {
    times: DrillTimes | null
    run: RunResult | null
    check: ConsistencyCheck | null
    comparison: DiffResult | null
    lagUs: DrillResult['lagUs']
  }): DrillResult {
    const {drill, cluster} = this.#options
    const {times, run, check, comparison, lagUs} = parts
    const responseUs = {
      before: this.#load.latency('before'),
      during: this.#load.latency('during'),
      after: this.#load.latency('after'),
    }
    const {intervals} = this.#load
    return {
      drill: drill.name,
      startedAt: this.#startedAt.toISOString(),
      topology: cluster.topology,
      nodes: [cluster.master, cluster.slave].map(({name, backend, address}) => ({
        name,
        backend,
        address: formatAddress(address),
      })),
      resilient: cluster.resilient,
      steps: this.#steps,
      problem: this.#problem,
      times,
      measures:
        times === null || run === null
          ? null
          : measureDrill({
              times,
              intervals,
              outages: run.outages,
              responseUs,
              writeShare: writeShareOf(run.plan),
            }),
      check,
      rpo:
        check === null
          ? null
          : measureRpo(check, {startMs: performance.timeOrigin + this.#startMs, fault: times?.fault ?? null}),
      comparison,
      lagUs,
      events: run?.events ?? [],
      advice: times !== null && times.paired === null ? drill.advice : null,
      run,
    }
  }

  #tools(): DrillTools {
    const {cluster, signal, plan} = this.#options
    return {
      cluster,
      holdMs: this.#timing.holdMs,
      random: new Random({seed: plan.seed, stream: SOAK_STREAM}).next,
      signal,
      sleep: ms => delay(ms, undefined, {signal}),
      until: async (holds, limitMs) => {
        const limit = performance.now() + limitMs
        while (!holds()) {
          if (performance.now() >= limit) return false
          await delay(POLL_MS, undefined, {signal})
        }
        return true
      },
      mark: () => {
        this.#faultAt = this.#now()
      },
      say: text => this.#say(text, 'running'),
      sawEvent: kind => this.#eventKinds.has(kind),
      burst: async ({plan: changes, target, signal: until = signal}) => {
        const burstPlan = checkPlan({...plan, failover: false, reconnect: false, prefill: false, ...changes})
        await runLoad({plan: burstPlan, targets: [target.address], signal: until})
      },
    }
  }

  #describeDetection(): string {
    const telling = ['killed', 'stopped', 'crashed', 'paused', 'overflow', 'linkLost', 'bindFailed']
    const seen = telling.filter(kind => this.#eventKinds.has(kind))
    return seen.length === 0 ? 'no node says anything' : `the nodes' events say: ${seen.join(', ')}`
  }

  #begin(step: StepName, text: string): void {
    this.#step = step
    this.#say(text, 'running')
  }

  #done(text: string, well = true): void {
    this.#say(text, well ? 'done' : 'failed')
  }

  #fail(error: unknown): void {
    const {signal} = this.#options
    const text = signal.aborted ? 'interrupted' : error instanceof Error ? error.message : String(error)
    this.#problem ??= text
    this.#say(text, 'failed')
  }

  #say(text: string, state: DrillStep['state']): void {
    const step = {step: this.#step, t: this.#now(), state, text}
    this.#steps.push(step)
    this.#options.onStep?.(step)
  }

  #now(): number {
    return (performance.now() - this.#startMs) / 1000
  }
}

function writeShareOf({mix}: LoadPlan): number {
  const weight = (reads: boolean): number =>
    mix.filter(({method}) => methods[method].reads === reads).reduce((sum, {weight: one}) => sum + one, 0)
  return weight(false) / (weight(false) + weight(true))
}

function keysOf({prefix, count}: {prefix: string; count: number}): string[] {
  return Array.from({length: count}, (_, index) => formatKey(prefix, index + 1))
}
