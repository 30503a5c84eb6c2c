import type {Address} from '../../protocol/address.js'
import {
  addKind,
  countErrors,
  countFailures,
  countSuccesses,
  mergeTallies,
  type OperationCounts,
} from '../measure/accounts.js'
import {generatorHealth, isSaturated, lateShareOf} from '../measure/generator-health.js'
import {LatencyMerge} from '../measure/latency-summary.js'
import type {Outage} from '../measure/outages.js'
import type {ConnectionCounts, LoadDelta} from '../measure/recorder.js'
import {type Requests, sumRequests} from '../measure/request-counts.js'
import type {ThreadReport} from '../measure/thread-health.js'
import {isOpenLoop, type LoadPlan, plannedSeconds} from '../plan/plan.js'
import {mergeVerifications, type Verification} from '../verify/verification.js'
import {newFailures} from './new-failures.js'
import type {RunPhase, RunSnapshot} from './run-snapshot.js'
import {StepMerge} from './step-merge.js'
import {Timeline} from './timeline.js'

/** The fields of a snapshot that come from load threads. */
type MergedSnapshot = Omit<RunSnapshot, 'ratePerSecond' | 'lag' | 'events'>

interface NetLatency {
  readonly response: LatencyMerge
  readonly service: LatencyMerge
  readonly byMethod: readonly LatencyMerge[]
  readonly serviceByMethod: readonly LatencyMerge[]
}

/** Merges the reports of all load threads. */
export class RunMerge {
  readonly timeline = new Timeline()
  readonly response = new LatencyMerge()
  readonly service = new LatencyMerge()
  readonly slip = new LatencyMerge()
  /** Response time by index in the plan's mix. */
  readonly byMethod: readonly LatencyMerge[]
  /** Service time, likewise. */
  readonly serviceByMethod: readonly LatencyMerge[]
  readonly steps: StepMerge
  /** All of them without the generator's own lateness. */
  readonly net: NetLatency
  /** Outages of all clients. */
  readonly outages: Outage[] = []
  /** The operator changed the rate: the plan's rate is out of date. */
  #rateChanged = false
  readonly #plan: LoadPlan
  readonly #target: Address
  readonly #latest: (ThreadReport | undefined)[]
  readonly #interval = new LatencyMerge()
  #before = {elapsedMs: 0, successes: 0, failures: 0, cpuSeconds: 0, keysRead: 0, keysFound: 0}

  constructor({plan, target}: {plan: LoadPlan; target: Address}) {
    this.#plan = plan
    this.#target = target
    this.steps = new StepMerge(plan)
    this.byMethod = plan.mix.map(() => new LatencyMerge())
    this.serviceByMethod = plan.mix.map(() => new LatencyMerge())
    this.net = {
      response: new LatencyMerge(),
      service: new LatencyMerge(),
      byMethod: plan.mix.map(() => new LatencyMerge()),
      serviceByMethod: plan.mix.map(() => new LatencyMerge()),
    }
    this.#latest = Array.from({length: plan.threads})
  }

  /** Adds a thread's report. @returns failures of connections since its last report, by kind */
  add(thread: number, report: ThreadReport): Record<string, number> {
    const {delta} = report
    const before = this.#latest[thread]?.delta
    this.#latest[thread] = report
    for (const [index, response] of delta.response.entries()) {
      this.byMethod[index]!.add(response)
      this.response.add(response)
      this.#interval.add(response)
    }
    for (const [index, service] of delta.service.entries()) {
      this.serviceByMethod[index]!.add(service)
      this.service.add(service)
    }
    for (const [index, response] of delta.netResponse.entries()) {
      this.net.byMethod[index]!.add(response)
      this.net.response.add(response)
    }
    for (const [index, service] of delta.netService.entries()) {
      this.net.serviceByMethod[index]!.add(service)
      this.net.service.add(service)
    }
    this.slip.add(delta.slip)
    this.steps.add(delta.steps)
    if (delta.elapsedMs > 0) {
      this.timeline.add({
        atMs: ((before?.elapsedMs ?? 0) + delta.elapsedMs) / 2,
        ops: countSuccesses(delta.tally) - (before === undefined ? 0 : countSuccesses(before.tally)),
        errors: countFailures(delta.tally) - (before === undefined ? 0 : countFailures(before.tally)),
        response: delta.response,
      })
    }
    return newFailures(delta, before)
  }

  /** @param atMs from the start of the load */
  changeRate(ratePerSecond: number, atMs: number): void {
    this.#rateChanged = true
    this.steps.changeRate(ratePerSecond, atMs)
  }

  get elapsedMs(): number {
    return Math.max(0, ...this.#deltas().map(delta => delta.elapsedMs))
  }

  /** Planned length; null when unknown. */
  get plannedSeconds(): number | null {
    return this.#rateChanged ? this.#plan.durationSeconds : plannedSeconds(this.#plan)
  }

  get cpuSecondsByThread(): number[] {
    return this.#latest.map(report => report?.cpuSeconds ?? 0)
  }

  get eventLoopDelayUs(): {p99: number | null; max: number | null} {
    const worst = (field: 'p99' | 'max'): number | null => {
      const values = this.#latest.flatMap(report => report?.eventLoopDelayUs[field] ?? [])
      return values.length === 0 ? null : Math.max(...values)
    }
    return {p99: worst('p99'), max: worst('max')}
  }

  sum(field: 'bytesIn' | 'bytesOut' | 'lateCalls' | 'heldUpCalls' | 'keysRead' | 'keysFound'): number {
    return this.#deltas().reduce((sum, delta) => sum + delta[field], 0)
  }

  requests(): Requests {
    return sumRequests(this.#deltas().map(({requests}) => requests))
  }

  connections(field: keyof ConnectionCounts): number {
    return this.#deltas().reduce((sum, {connections}) => sum + connections[field], 0)
  }

  connectionErrors(): Record<string, number> {
    const sum: Record<string, number> = {}
    for (const {connectionErrors} of this.#deltas()) {
      for (const [kind, count] of Object.entries(connectionErrors)) addKind(sum, kind, count)
    }
    return sum
  }

  /** Null without verification. */
  verification(): Verification | null {
    const parts = this.#deltas().flatMap(({verification}) => verification ?? [])
    return parts.length === 0 ? null : mergeVerifications(parts)
  }

  operations(): OperationCounts {
    const deltas = this.#deltas()
    const {sent, ...settled} = mergeTallies(deltas.map(delta => delta.tally))
    return {
      intended: deltas.reduce((sum, delta) => sum + delta.intended, 0),
      sent,
      unsent: deltas.reduce((sum, delta) => sum + delta.unsent, 0),
      ...settled,
    }
  }

  /** The current state, with the interval since the last snapshot. */
  snapshot(phase: RunPhase): MergedSnapshot {
    const operations = this.operations()
    const elapsedMs = this.elapsedMs
    const now = {
      elapsedMs,
      successes: countSuccesses(operations),
      failures: countFailures(operations),
      cpuSeconds: this.cpuSecondsByThread.reduce((sum, seconds) => sum + seconds, 0),
      keysRead: this.sum('keysRead'),
      keysFound: this.sum('keysFound'),
    }
    const seconds = (elapsedMs - this.#before.elapsedMs) / 1000
    const generator = {lateShare: this.lateShare(), saturated: this.saturated(elapsedMs / 1000)}
    const snapshot: MergedSnapshot = {
      phase,
      elapsedSeconds: elapsedMs / 1000,
      plannedSeconds: this.plannedSeconds,
      progress: this.#progress(operations, elapsedMs),
      target: this.#target,
      operations,
      connections: this.connections('open'),
      interval: {
        seconds,
        opsPerSecond: seconds > 0 ? (now.successes - this.#before.successes) / seconds : 0,
        errors: now.failures - this.#before.failures,
        keysRead: now.keysRead - this.#before.keysRead,
        keysFound: now.keysFound - this.#before.keysFound,
        response: this.#interval.summary(),
      },
      response: this.response.summary(),
      service: this.service.summary(),
      byMethod: this.#summariesByMethod(),
      steps: this.steps.steps(elapsedMs),
      slipUs: this.slipUs(),
      generatorCores: seconds > 0 ? (now.cpuSeconds - this.#before.cpuSeconds) / seconds : null,
      eventLoopDelayUs: this.eventLoopDelayUs,
      lateShare: generator.lateShare,
      health: generatorHealth(generator),
    }
    this.#before = now
    this.#interval.reset()
    return snapshot
  }

  /** See lateShareOf(); null in a closed loop, and when no call was answered. */
  lateShare(): number | null {
    const operations = this.operations()
    if (!isOpenLoop(this.#plan) || countSuccesses(operations) + countErrors(operations.errors) === 0) return null
    return lateShareOf({sent: operations.sent, heldUp: this.sum('heldUpCalls'), late: this.sum('lateCalls')})
  }

  /** Whether the generator itself was the bottleneck. */
  saturated(durationSeconds: number): boolean {
    return isSaturated({
      openLoop: isOpenLoop(this.#plan),
      lateShare: this.lateShare(),
      busyShare: durationSeconds > 0 ? this.#busySeconds() / durationSeconds : 0,
    })
  }

  /** Time in which the busiest thread had its core and something to do. */
  #busySeconds(): number {
    const threads = this.#latest.flatMap(report => report ?? [])
    return Math.max(
      0,
      ...threads.map(({cpuSeconds, delta}) => Math.min(cpuSeconds, (delta.elapsedMs - delta.idleMs) / 1000)),
    )
  }

  #summariesByMethod(): RunSnapshot['byMethod'] {
    // With one method the sums say the same.
    if (this.#plan.mix.length === 1) return []
    return this.#plan.mix.map(({method}, index) => ({
      method,
      response: this.byMethod[index]!.summary(),
      service: this.serviceByMethod[index]!.summary(),
    }))
  }

  slipUs(): {p50: number | null; p99: number | null; max: number | null} {
    return {p50: this.slip.percentile(50), p99: this.slip.percentile(99), max: this.slip.maxUs}
  }

  #progress(operations: OperationCounts, elapsedMs: number): number {
    const {durationSeconds, ratePerSecond, arrival, ratePhases} = this.#plan
    // The number of operations is known in advance only for an open loop with one rate that nobody changes.
    const isEven = arrival === 'deterministic' && ratePhases === null && !this.#rateChanged
    const isKnown = ratePerSecond > 0 && isEven
    if (durationSeconds !== null && !isKnown) return Math.min(1, elapsedMs / (durationSeconds * 1000))
    return operations.intended === 0 ? 0 : operations.sent / operations.intended
  }

  #deltas(): LoadDelta[] {
    return this.#latest.flatMap(report => report?.delta ?? [])
  }
}
