import type {Address} from '../../../protocol/address.js'
import {countErrors} from '../../measure/accounts.js'
import {checkPlan, type LoadPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'
import {runLoad} from '../../run/run.js'
import type {StartLoadThread} from '../../run/worker-messages.js'
import type {Probing} from '../judge/drill-timings.js'
import {callSpacingMs} from '../judge/rto.js'

/** The RTO must be known this closely: clients that call less often do not show it. */
const WANTED_RESOLUTION_MS = 10
/** Two for each server when keys are shared between both. */
const CLIENTS = 4
const CALL_EVERY_MS = 5

/** Whether the clients of a load call too rarely to show the RTO. */
export function needsProbes(plan: LoadPlan): boolean {
  return callSpacingMs(plan) > WANTED_RESOLUTION_MS
}

/**
 * The plan of clients that ask for a missing key, by the policy of the drill's
 * plan: such a get leaves nothing on the nodes and crosses no link.
 */
export function probingPlan(plan: LoadPlan): LoadPlan {
  return checkPlan({
    ...plan,
    name: 'drill-probes',
    mix: [{method: 'get', weight: 1}],
    connections: CLIENTS,
    threads: 1,
    ratePerSecond: (CLIENTS * 1000) / CALL_EVERY_MS,
    ratePhases: null,
    arrival: 'deterministic',
    pipeline: 1,
    callsPerConnection: null,
    durationSeconds: plan.durationSeconds ?? 3600,
    connectionsPerSecond: 0,
    warmupSeconds: 0,
    prefill: false,
    verify: false,
    noreply: false,
    keyPrefix: 'drill-probe:',
    keyCount: 1,
    keyDistribution: {kind: 'sequential'},
    hitRatio: null,
    multigetKeys: 1,
    sizes: {kind: 'fixed', bytes: 1},
    valueBytes: 'zeros',
  })
}

interface ProbingOptions {
  /** Of the drill's load. */
  readonly plan: LoadPlan
  readonly targets: readonly Address[]
  readonly startThread?: StartLoadThread
  readonly signal: AbortSignal
}

/** A few clients beside a load that calls too rarely to show the RTO. */
export class ProbingClients {
  readonly #stop = new AbortController()
  #startMs: number | null = null
  #run: Promise<RunResult | null> = Promise.resolve(null)

  /**
   * Resolves when they call, or cannot: a fault before that would be seen by none of them. Does nothing when the load
   * itself calls often enough.
   */
  async start({plan, signal, ...options}: ProbingOptions): Promise<void> {
    if (!needsProbes(plan)) return
    const started = Promise.withResolvers<void>()
    const run = runLoad({
      ...options,
      plan: probingPlan(plan),
      spread: plan.keyServers > 1,
      signal: this.#stop.signal,
      onStart: startMs => {
        this.#startMs = startMs
        started.resolve()
      },
    })
    // An error of these clients is no error of the drill: its load tells what is wrong.
    this.#run = run.catch(() => null)
    const aborted = new Promise(resolve => signal.addEventListener('abort', resolve, {once: true}))
    if (!signal.aborted) await Promise.race([started.promise, this.#run, aborted])
  }

  /** @param loadStartMs of the drill's load, on performance.now() @returns null when there were none */
  async stop(loadStartMs: number): Promise<Probing | null> {
    this.#stop.abort()
    const result = await this.#run
    if (result === null || this.#startMs === null) return null
    const {sent, errors, timedOut, lostWithConnection} = result.operations
    return {
      report: {
        clients: result.plan.connections,
        callEveryMs: CALL_EVERY_MS,
        calls: sent,
        failed: countErrors(errors) + timedOut + lostWithConnection,
      },
      outages: shifted(result.outages, (this.#startMs - loadStartMs) / 1000),
    }
  }
}

/** Outages on a clock that began so many seconds earlier. */
export function shifted(outages: RunResult['outages'], seconds: number): RunResult['outages'] {
  const shift = (t: number | null): number | null => (t === null ? null : t + seconds)
  return outages.map(outage => ({
    ...outage,
    from: shift(outage.from),
    failed: outage.failed + seconds,
    attempt: shift(outage.attempt),
    to: shift(outage.to),
  }))
}
