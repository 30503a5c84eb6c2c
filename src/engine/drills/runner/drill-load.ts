import type {Address} from '../../../protocol/address.js'
import type {ClusterNode} from '../../../server/node-api/cluster-node.js'
import {LatencyMerge} from '../../measure/latency-summary.js'
import type {LoadDelta} from '../../measure/recorder.js'
import type {LoadPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'
import type {RunSnapshot} from '../../result/run-snapshot.js'
import {runLoad} from '../../run/run.js'
import type {StartLoadThread} from '../../run/worker-messages.js'
import {newVerifyAssignment, type VerifyAssignment} from '../../verify/verifier.js'
import {FaultNotInjectedError} from '../contract/drill.js'
import type {MeasuredLoad} from '../judge/drill-timings.js'
import {LoadIntervals} from '../judge/load-intervals.js'

/** Parts of a drill whose load is measured apart. */
type DrillWindow = 'before' | 'during' | 'after'

/** Load threads report this often: a report is about this much time at most. */
const REPORT_MS = 200

interface DrillLoadOptions {
  readonly plan: LoadPlan
  readonly targets: readonly Address[]
  readonly nodes: readonly Pick<ClusterNode, 'onEvent'>[]
  /** Whether the nodes copied data between two moments of performance.now(): that load is measured apart too. */
  readonly isSyncing?: (fromMs: number, toMs: number) => boolean
  readonly startThread?: StartLoadThread
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
}

/** The load that runs through a whole drill. */
export class DrillLoad {
  readonly plan: LoadPlan
  readonly targets: readonly Address[]
  readonly verify: VerifyAssignment
  readonly #intervals = new LoadIntervals()
  /** Resolves with performance.now() when the load itself begins; rejects when it could not. */
  readonly started: Promise<number>
  readonly finished: Promise<RunResult>
  #window: DrillWindow = 'before'
  readonly #stop = new AbortController()
  readonly #latency = {
    before: new LatencyMerge(),
    during: new LatencyMerge(),
    after: new LatencyMerge(),
    copying: new LatencyMerge(),
  }
  /** The same without what may be the generator's own lateness. */
  readonly #net = {before: new LatencyMerge(), during: new LatencyMerge(), after: new LatencyMerge()}
  readonly #isSyncing: NonNullable<DrillLoadOptions['isSyncing']>
  #startMs = 0

  constructor({plan, onSnapshot, isSyncing = () => false, ...options}: DrillLoadOptions) {
    this.plan = plan
    this.targets = options.targets
    this.#isSyncing = isSyncing
    this.verify = newVerifyAssignment(plan, {witnesses: true})
    const started = Promise.withResolvers<number>()
    this.started = started.promise
    this.finished = runLoad({
      ...options,
      plan,
      spread: plan.keyServers > 1,
      verify: this.verify,
      signal: this.#stop.signal,
      onStart: startMs => {
        this.#startMs = startMs
        started.resolve(startMs)
      },
      onDelta: delta => this.#addLatency(delta),
      onSnapshot: snapshot => {
        this.#addInterval(snapshot)
        onSnapshot?.(snapshot)
      },
    })
    this.finished.then(
      () => {
        // Without effect when it had begun.
        started.reject(new FaultNotInjectedError('cannot inject the fault: the load ended before it began'))
      },
      error => started.reject(error),
    )
    // Whoever waits for the end sees it too.
    started.promise.catch(() => {})
  }

  enter(window: DrillWindow): void {
    this.#window = window
  }

  /** Intervals and response times so far. */
  measured(): MeasuredLoad {
    const {before, during, after, copying} = this.#latency
    const net = this.#net
    return {
      intervals: this.#intervals.all(),
      responseUs: {before: before.summary(), during: during.summary(), after: after.summary()},
      netResponseUs: {before: net.before.summary(), during: net.during.summary(), after: net.after.summary()},
      copyingUs: copying.summary(),
    }
  }

  stop(): Promise<RunResult> {
    this.#stop.abort()
    return this.finished
  }

  #addLatency(delta: LoadDelta): void {
    const untilMs = this.#startMs + delta.elapsedMs
    const copying = this.#isSyncing(untilMs - REPORT_MS, untilMs)
    for (const response of delta.response) {
      this.#latency[this.#window].add(response)
      if (copying) this.#latency.copying.add(response)
    }
    for (const response of delta.netResponse) this.#net[this.#window].add(response)
  }

  #addInterval({phase, elapsedSeconds, interval}: RunSnapshot): void {
    if ((phase !== 'running' && phase !== 'draining') || interval.seconds === 0) return
    const {seconds, opsPerSecond, errors, response} = interval
    this.#intervals.add({t: elapsedSeconds, seconds, opsPerSecond, errors, p99: response.p99}, this.#window)
  }
}
