import {setTimeout as delay} from 'node:timers/promises'
import {messageOf} from '../../../protocol/errors.js'
import {diffNodes} from '../../check/diff-nodes.js'
import type {LedgerCheckOptions} from '../../check/ledger/check-ledger.js'
import {PairCheck} from '../../check/pair-check.js'
import {formatKey} from '../../data/key-text.js'
import {Random} from '../../data/random.js'
import {type RunningLagProbe, type StartLagProbe, startLagProbe} from '../../lag/lag-probe.js'
import type {LagSummary} from '../../lag/lag-record.js'
import type {LoadPlan} from '../../plan/plan.js'
import {checkPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'
import type {RunSnapshot} from '../../result/run-snapshot.js'
import {runLoad} from '../../run/run.js'
import type {StartLoadThread} from '../../run/worker-messages.js'
import {
  type Drill,
  type DrillCluster,
  type DrillExtent,
  type DrillTools,
  FaultNotInjectedError,
  type OwnKeys,
  type SoakFault,
} from '../contract/drill.js'
import {FailoverWatch} from '../failover/failover-watch.js'
import {describeDrill} from '../judge/describe-drill.js'
import {type DrillResult, type DrillStep, INTERRUPTED, type StepName} from '../judge/drill-result.js'
import type {JudgedKey} from '../judge/drill-rpo.js'
import type {DrillTimes} from '../judge/drill-timings.js'
import {EmptyWatch} from '../judge/faulty-reads.js'
import {CopyWatch} from './copy-watch.js'
import {DrillLoad} from './drill-load.js'
import {ProbingClients} from './probing-clients.js'

const POLL_MS = 5
/** A pair whose writes do not cross within so long is not whole. */
const CROSS_LIMIT_MS = 5000
const SOAK_STREAM = 7
/** A burst is more than a node can do at once: its calls wait for each other. */
const BURST_TIMEOUT_MS = 30_000
/** A drill that was interrupted has that long to look at what is there, where the nodes answer promptly. */
const INTERRUPTED_LIMIT_MS = 10_000
/** Where they do not, it waits for them no longer than that, its load's end and each reply taken together: */
const INTERRUPTED_WAIT_MS = 1000
/** and for this at least. */
const INTERRUPTED_REPLY_MS = 100

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
  /** Of a drill of many faults. */
  readonly extent?: DrillExtent
  readonly signal: AbortSignal
  readonly startThread?: StartLoadThread
  /** Elsewhere than on this thread. */
  readonly startLagProbe?: StartLagProbe
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

interface InspectionLimits {
  readonly signal: AbortSignal
  readonly crossLimitMs?: number
  readonly replyMs?: number
}

class DrillRun {
  readonly #options: RunDrillOptions
  readonly #timing: DrillTiming
  readonly #startedAt = new Date()
  readonly #steps: DrillStep[] = []
  readonly #faults: SoakFault[] = []
  readonly #eventKinds = new Set<string>()
  readonly #unsubscribe: readonly (() => void)[]
  readonly #load: DrillLoad
  readonly #failovers: FailoverWatch
  /** What the end finds wrong. */
  readonly #judged: JudgedKey[] = []
  readonly #probe: RunningLagProbe
  readonly #check: PairCheck
  readonly #copies: CopyWatch
  readonly #empty: EmptyWatch
  readonly #probing = new ProbingClients()
  #ownKeys: OwnKeys | null = null
  #step: StepName = 'before'
  #startMs = performance.now()
  #problem: string | null = null
  #interruptedMs: number | null = null
  /** Null before the fault. */
  #times: DrillTimes | null = null

  constructor(options: RunDrillOptions) {
    const {cluster, plan, startThread, onSnapshot} = options
    const {master, slave} = cluster
    this.#options = options
    this.#timing = {...defaultTiming, ...options.timing}
    this.#unsubscribe = [master, slave].map(node => node.onEvent(({kind}) => this.#eventKinds.add(kind)))
    this.#probe = (options.startLagProbe ?? startLagProbe)({
      a: master.address,
      b: slave.address,
      onEvent: event => this.#failovers.probed(event),
    })
    // What comes before the load is no lag of the drill.
    this.#probe.record.enter(null, Number.NEGATIVE_INFINITY)
    this.#check = new PairCheck([master, slave])
    this.#copies = new CopyWatch([master, slave])
    this.#empty = new EmptyWatch([master, slave])
    this.#load = new DrillLoad({
      plan,
      targets: [master.address, slave.address],
      nodes: [master, slave],
      isCopying: (fromMs, toMs) => this.#copies.overlaps(fromMs, toMs),
      ...(startThread === undefined ? {} : {startThread}),
      ...(onSnapshot === undefined ? {} : {onSnapshot}),
    })
    this.#failovers = new FailoverWatch({plan, verify: this.#load.verify, nodes: [master, slave]})
  }

  async run(): Promise<DrillResult> {
    const {signal} = this.#options
    // What the load waits for may never come.
    const stopLoad = (): void => {
      this.#interruptedMs = performance.now()
      void this.#endLoad()
    }
    signal.addEventListener('abort', stopLoad)
    try {
      await this.#drill()
    } catch (error) {
      this.#fail(error)
    }
    this.#patchTimes({end: this.#now()})
    // The nodes are read now: that is no lag of the drill.
    this.#probe.record.enter(null, performance.now())
    const [run, probing] = await Promise.all([this.#endLoad(), this.#probing.stop()])
    signal.removeEventListener('abort', stopLoad)
    const failovers = await this.#failovers.finish()
    const inspection = await this.#inspect()
    await this.#close()
    const {record} = this.#probe
    const lagUs = record.summary()
    const lagByPhaseUs = {
      before: directionsOf(record.summary('before')),
      during: directionsOf(record.summary('during')),
      after: directionsOf(record.summary('after')),
    }
    return describeDrill({
      ...this.#options,
      ...inspection,
      startMs: this.#startMs,
      startedAt: this.#startedAt,
      steps: this.#steps,
      faults: this.#faults,
      problem: this.#problem,
      times: this.#times,
      load: this.#load,
      copies: this.#copies,
      empty: this.#empty,
      failovers,
      judged: this.#judged,
      run,
      probing,
      lagUs,
      lagByPhaseUs,
    })
  }

  /** All but the inspection at the end. */
  async #drill(): Promise<void> {
    const {drill} = this.#options
    const tools = this.#tools()
    this.#begin('before', `load for ${this.#timing.beforeMs / 1000} s`)
    void this.#check.start()
    this.#startMs = await this.#load.started
    this.#probe.record.enter('before', this.#startMs)
    this.#probing.start({...this.#options, targets: this.#load.targets})
    const loadedMs = performance.now()
    await tools.sleep(this.#timing.beforeMs)
    if (!(await tools.until(() => this.#probe.record.crossedSince(loadedMs), CROSS_LIMIT_MS))) {
      throw new FaultNotInjectedError(
        `Expected a pair that is whole before the fault, got writes that do not cross (${this.#describeDetection()})`,
      )
    }
    this.#enter('during')
    this.#eventKinds.clear()
    const fault = this.#now()
    this.#times = {fault, recover: null, paired: null, settled: false, end: fault}
    this.#begin('fault', drill.summary)
    await drill.fault(tools)
    this.#begin('detect', 'who notices?')
    if (drill.undoes !== true) await tools.sleep(this.#timing.holdMs)
    this.#done(this.#describeDetection())
    await this.#recover(tools)
    this.#enter('after')
    await tools.sleep(this.#timing.afterMs)
  }

  async #recover(tools: DrillTools): Promise<void> {
    const recoverMs = performance.now()
    this.#patchTimes({recover: this.#now()})
    this.#begin('recover', 'what an operator would do')
    await this.#options.drill.recover(tools)
    this.#begin('settle', 'until writes cross both ways again')
    const whole = await tools.until(() => this.#probe.record.crossedSince(recoverMs), this.#timing.settleLimitMs)
    this.#patchTimes({paired: whole ? this.#now() : null, settled: true})
    this.#done(whole ? 'writes cross both ways' : 'writes do not cross: the pair is not whole', whole)
  }

  #enter(phase: 'during' | 'after'): void {
    this.#load.enter(phase)
    this.#probe.record.enter(phase, performance.now())
  }

  async #endLoad(): Promise<RunResult | null> {
    try {
      return await this.#load.stop()
    } catch (error) {
      this.#fail(error)
      return null
    }
  }

  /** What the nodes hold in the end; of a drill that was interrupted, where there was a fault and both are there to be asked. */
  async #inspect(): Promise<Pick<DrillResult, 'check' | 'comparison'>> {
    const {cluster, plan, signal, onFinding, onCheckProgress} = this.#options
    const {master, slave} = cluster
    const interrupted = signal.aborted
    if (interrupted && (this.#times === null || [master, slave].some(node => node.status().state !== 'up')))
      return {check: null, comparison: null}
    this.#begin('judge', 'read every key from both nodes')
    const limits = this.#inspectionLimits()
    try {
      const check = await this.#check.check({
        plan,
        verify: this.#load.verify,
        probe: this.#probe,
        ...limits,
        onJudged: judged => this.#judged.push(judged),
        ...(onFinding === undefined ? {} : {onFinding}),
        ...(onCheckProgress === undefined ? {} : {onProgress: onCheckProgress}),
      })
      const comparison = this.#ownKeys === null ? null : await this.#compareOwn(this.#ownKeys, limits)
      this.#done(`${check.keys + (comparison?.keys ?? 0)} keys read from both nodes`)
      return {check, comparison}
    } catch (error) {
      this.#fail(error)
      return {check: null, comparison: null}
    }
  }

  /** Whoever interrupts a drill does not want to wait for nodes that do not answer. */
  #inspectionLimits(): InspectionLimits {
    const {signal} = this.#options
    if (this.#interruptedMs === null) return {signal}
    const waitedMs = performance.now() - this.#interruptedMs
    const replyMs = Math.max(INTERRUPTED_REPLY_MS, (INTERRUPTED_WAIT_MS - waitedMs) / 2)
    return {signal: AbortSignal.timeout(INTERRUPTED_LIMIT_MS), crossLimitMs: replyMs, replyMs}
  }

  async #compareOwn(own: OwnKeys, {signal, replyMs}: InspectionLimits): Promise<DrillResult['comparison']> {
    const {master, slave} = this.#options.cluster
    const compared = await diffNodes({
      ...{a: master.address, b: slave.address, keys: keysOf(own)},
      ...{signal, timeoutMs: replyMs},
    })
    return compared === null ? null : {...compared, absence: own.absence}
  }

  async #close(): Promise<void> {
    await this.#probe.stop()
    this.#check.close()
    this.#copies.stop()
    this.#empty.stop()
    for (const unsubscribe of this.#unsubscribe) unsubscribe()
  }

  #tools(): DrillTools {
    const {cluster, signal, plan, extent = {durationMs: null, faults: null}} = this.#options
    const {holdMs, settleLimitMs} = this.#timing
    const until: DrillTools['until'] = async (holds, limitMs) => {
      const limit = performance.now() + limitMs
      while (!holds()) {
        if (performance.now() >= limit) return false
        await delay(POLL_MS, undefined, {signal})
      }
      return true
    }
    return {
      cluster,
      holdMs,
      settleLimitMs,
      extent,
      random: new Random({seed: plan.seed, stream: SOAK_STREAM}).next,
      signal,
      sleep: ms => delay(ms, undefined, {signal}),
      until,
      untilWhole: async () => {
        const sinceMs = performance.now()
        const whole = await until(() => this.#probe.record.crossedSince(sinceMs), settleLimitMs)
        return whole ? Math.round(performance.now() - sinceMs) : null
      },
      worstLagMs: () => this.#probe.record.worstLagMs(this.#startMs + (this.#times?.fault ?? 0) * 1000),
      mark: () => this.#patchTimes({fault: this.#now()}),
      now: () => this.#now(),
      wrote: keys => {
        this.#ownKeys = keys
      },
      record: fault => void this.#faults.push(fault),
      say: text => this.#say(text, 'running'),
      sawEvent: kind => this.#eventKinds.has(kind),
      burst: async ({plan: changes, target, signal: end = signal}) => {
        const policy = {
          failover: false,
          retries: 0,
          switchBackMs: 0,
          reconnect: false,
          prefill: false,
          keyServers: 1,
          timeoutsToGiveUp: 1,
        }
        // Every key in its turn, so that it is known which were written.
        const keyDistribution = {kind: 'sequential'} as const
        const burstPlan = checkPlan({...plan, ...policy, keyDistribution, timeoutMs: BURST_TIMEOUT_MS, ...changes})
        const {operations} = await runLoad({plan: burstPlan, targets: [target.address], signal: end})
        return operations.ok === operations.intended
      },
    }
  }

  #patchTimes(changes: Partial<DrillTimes>): void {
    if (this.#times !== null) this.#times = {...this.#times, ...changes}
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
    const text = signal.aborted ? INTERRUPTED : messageOf(error)
    if (this.#problem === text) return
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

function directionsOf({aToB, bToA}: LagSummary): Omit<LagSummary, 'probe'> {
  return {aToB, bToA}
}

function keysOf({prefix, count}: OwnKeys): string[] {
  return Array.from({length: count}, (_, index) => formatKey(prefix, index + 1))
}
