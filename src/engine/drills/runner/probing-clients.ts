import type {Address} from '../../../protocol/address.js'
import {countErrors} from '../../measure/accounts.js'
import {checkPlan, isOpenLoop, type LoadPlan} from '../../plan/plan.js'
import type {RunResult} from '../../result/run-result.js'
import {runLoad} from '../../run/run.js'
import type {StartLoadThread} from '../../run/worker-messages.js'

/** RTO is to be known so closely: clients whose calls are farther apart do not do for that. */
const WANTED_RESOLUTION_MS = 10
/** So that each server of a pair has two where keys are shared among both. */
const CLIENTS = 4
const CALL_EVERY_MS = 5

/** What the drill's own clients did; none of it is among the operations of the load. */
export interface ProbingReport {
  readonly clients: number
  readonly callEveryMs: number
  readonly calls: number
  /** Of these, how many had no good reply. */
  readonly failed: number
}

export interface Probing {
  readonly report: ProbingReport
  /** By performance.now(). */
  readonly startMs: number
  readonly outages: RunResult['outages']
}

/** Whether RTO cannot be known closely enough from the clients of a load. */
export function needsProbes(plan: LoadPlan): boolean {
  return callSpacingMs(plan) > WANTED_RESOLUTION_MS
}

/** Calls of one client of a load are so far apart; a closed loop has one under way at all times. */
export function callSpacingMs(plan: LoadPlan): number {
  return isOpenLoop(plan) ? Math.max(1, (plan.connections * 1000) / plan.ratePerSecond) : 1
}

/**
 * The load of clients that ask for a missing key, by the policy of a plan: that
 * leaves nothing on the nodes and goes over no link.
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
}

/** A few clients beside a load that calls too seldom to show when it could have been served. */
export class ProbingClients {
  readonly #stop = new AbortController()
  #startMs: number | null = null
  #run: Promise<RunResult | null> = Promise.resolve(null)

  /** Does nothing where the load is dense enough. */
  start({plan, ...options}: ProbingOptions): void {
    if (!needsProbes(plan)) return
    const run = runLoad({
      ...options,
      plan: probingPlan(plan),
      spread: plan.keyServers > 1,
      signal: this.#stop.signal,
      onStart: startMs => {
        this.#startMs = startMs
      },
    })
    // The load, whose clients are looked at then, says what is wrong.
    this.#run = run.catch(() => null)
  }

  /** @returns null where there were none */
  async stop(): Promise<Probing | null> {
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
      startMs: this.#startMs,
      outages: result.outages,
    }
  }
}

/** Outages on the clock of another load. @param startMs when that load began, by performance.now() */
export function outagesOnClock({startMs: ownStartMs, outages}: Probing, startMs: number): RunResult['outages'] {
  const shift = (ownStartMs - startMs) / 1000
  const moved = (t: number | null): number | null => (t === null ? null : t + shift)
  return outages.map(outage => ({
    ...outage,
    from: moved(outage.from),
    failed: outage.failed + shift,
    attempt: moved(outage.attempt),
    to: moved(outage.to),
  }))
}
