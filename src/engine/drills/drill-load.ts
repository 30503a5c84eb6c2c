import type {Address} from '../../protocol/address.js'
import type {ClusterNode} from '../../server/cluster-node.js'
import {LatencyMerge} from '../latency-summary.js'
import type {LoadPlan} from '../plan.js'
import type {LoadDelta} from '../recorder.js'
import {runLoad} from '../run.js'
import type {LatencySummary, RunSnapshot} from '../run-events.js'
import type {RunResult} from '../run-result.js'
import {newVerifyAssignment, type VerifyAssignment} from '../verify/verifier.js'
import type {StartLoadThread} from '../worker-pool.js'

/** Parts of a drill whose load is measured apart. */
export type DrillWindow = 'before' | 'during' | 'after'

/** A fifth of a second of the load. */
export interface LoadInterval {
  /** End of the interval, in seconds from the start of the load. */
  readonly t: number
  readonly seconds: number
  readonly opsPerSecond: number
  readonly errors: number
}

interface DrillLoadOptions {
  readonly plan: LoadPlan
  readonly targets: readonly Address[]
  readonly nodes: readonly Pick<ClusterNode, 'onEvent'>[]
  readonly startThread?: StartLoadThread
  readonly onSnapshot?: (snapshot: RunSnapshot) => void
}

/** The load that runs through a whole drill. */
export class DrillLoad {
  readonly plan: LoadPlan
  readonly verify: VerifyAssignment
  readonly intervals: LoadInterval[] = []
  /** Resolves with performance.now() when the load itself begins; rejects when it could not. */
  readonly started: Promise<number>
  readonly finished: Promise<RunResult>
  #window: DrillWindow = 'before'
  #ended = false
  readonly #stop = new AbortController()
  readonly #latency = {before: new LatencyMerge(), during: new LatencyMerge(), after: new LatencyMerge()}

  constructor({plan, onSnapshot, ...options}: DrillLoadOptions) {
    this.plan = plan
    this.verify = newVerifyAssignment(plan)
    const started = Promise.withResolvers<number>()
    this.started = started.promise
    this.finished = runLoad({
      ...options,
      plan,
      verify: this.verify,
      signal: this.#stop.signal,
      onStart: startMs => started.resolve(startMs),
      onDelta: delta => this.#addLatency(delta),
      onSnapshot: snapshot => {
        this.#addInterval(snapshot)
        onSnapshot?.(snapshot)
      },
    })
    this.finished.then(
      () => {
        this.#ended = true
      },
      error => started.reject(error),
    )
    // Whoever waits for the end sees it too.
    started.promise.catch(() => {})
  }

  /** It ended by itself, before it was told to. */
  get ended(): boolean {
    return this.#ended
  }

  enter(window: DrillWindow): void {
    this.#window = window
  }

  /** Response time of all calls that were complete in a window. */
  latency(window: DrillWindow): LatencySummary {
    return this.#latency[window].summary()
  }

  stop(): Promise<RunResult> {
    this.#stop.abort()
    return this.finished
  }

  #addLatency(delta: LoadDelta): void {
    for (const response of delta.response) this.#latency[this.#window].add(response)
  }

  #addInterval({phase, elapsedSeconds, interval}: RunSnapshot): void {
    if ((phase !== 'running' && phase !== 'draining') || interval.seconds === 0) return
    const {seconds, opsPerSecond, errors} = interval
    this.intervals.push({t: elapsedSeconds, seconds, opsPerSecond, errors})
  }
}
