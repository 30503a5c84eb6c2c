import {addDeltas, type LatencyDelta, noLatencies} from '../measure/latency.js'
import {LatencyMerge} from '../measure/latency-summary.js'
import {noCounts, type StepCounts, type StepDelta} from '../measure/step-recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import {type RateStep, RateSteps} from '../workload/rate-steps.js'
import type {RunStep} from './run-result.js'

interface Sum {
  readonly counts: StepCounts
  response: LatencyDelta
  service: LatencyDelta
  /** Null when reports came since. */
  summary: RunStep['latencyUs'] | null
}

/** Merges the steps of all load threads. */
export class StepMerge {
  readonly #steps: RateSteps
  readonly #isPlanned: boolean
  readonly #sums = new Map<number, Sum>()
  readonly #merge = new LatencyMerge()

  constructor(plan: LoadPlan) {
    this.#steps = new RateSteps(plan)
    this.#isPlanned = plan.ratePhases !== null
  }

  /** @param atMs from the start of the load */
  changeRate(ratePerSecond: number, atMs: number): void {
    this.#steps.change(ratePerSecond, atMs)
  }

  add(deltas: readonly StepDelta[]): void {
    for (const {index, counts, response, service} of deltas) {
      const sum = this.#sumOf(index)
      for (const name of Object.keys(counts) as (keyof StepCounts)[]) sum.counts[name] += counts[name]
      sum.response = addDeltas(sum.response, response)
      sum.service = addDeltas(sum.service, service)
      sum.summary = null
    }
  }

  /**
   * The steps that have begun, in order; empty for a load with one rate.
   * @param untilMs from the start of the load; Infinity for all planned steps
   */
  steps(untilMs: number): RunStep[] {
    const all = this.#steps.all()
    if (all.length < 2 && !this.#isPlanned) return []
    return all.flatMap((step, index) => (step.fromMs < untilMs ? this.#describe(step, index, untilMs) : []))
  }

  #describe({fromMs, toMs, fromPerSecond, toPerSecond}: RateStep, index: number, untilMs: number): RunStep {
    const sum = this.#sumOf(index)
    const {sent, ok, miss, errors, keysRead, keysFound, answeredMeanwhile} = sum.counts
    // The last step of a load with a number of calls ends with them.
    const seconds = (Math.min(toMs, untilMs) - fromMs) / 1000
    const whole = (toMs - fromMs) / 1000
    const endsAtPerSecond = Number.isFinite(whole)
      ? fromPerSecond + (toPerSecond - fromPerSecond) * (seconds / whole)
      : toPerSecond
    const planned = ((fromPerSecond + endsAtPerSecond) / 2) * seconds
    return {
      t: fromMs / 1000,
      seconds,
      plannedPerSecond: {from: fromPerSecond, to: endsAtPerSecond, mean: planned / seconds},
      opsPerSecond: answeredMeanwhile / seconds,
      operations: {planned: Math.round(planned), sent, ok, miss, errors, withoutReply: sent - ok - miss - errors},
      reads: keysRead === 0 ? null : {keys: keysRead, found: keysFound},
      latencyUs: this.#summaryOf(sum),
    }
  }

  #summaryOf(sum: Sum): RunStep['latencyUs'] {
    const summarize = (delta: LatencyDelta) => {
      this.#merge.reset()
      this.#merge.add(delta)
      return this.#merge.summary()
    }
    sum.summary ??= {response: summarize(sum.response), service: summarize(sum.service)}
    return sum.summary
  }

  #sumOf(index: number): Sum {
    let sum = this.#sums.get(index)
    if (sum === undefined) {
      sum = {counts: noCounts(), response: noLatencies, service: noLatencies, summary: null}
      this.#sums.set(index, sum)
    }
    return sum
  }
}
