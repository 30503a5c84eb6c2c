import type {LoadPlan, RatePhase} from '../plan/plan.js'

/** A part of a load with one rate or ramp; ms from the start of the load. */
export interface RateStep {
  readonly fromMs: number
  readonly toMs: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
}

/** Rounding tolerance: a call due at the start of a step belongs to it. */
const TOLERANCE_MS = 1e-3

type RatePlan = Pick<LoadPlan, 'ratePhases' | 'ratePerSecond' | 'durationSeconds'>

/** A ramp is reported in at most this many parts, of at least a second each. */
const RAMP_PARTS_MOST = 10
const STEPS_MOST = 1000

/** The steps and ramps of a load, and the parts between changes of its rate; the same on every thread that is told the same changes. */
export class RateSteps {
  #steps: RateStep[]
  /** Step of the last answer: the next one is seldom far from it. */
  #at = 0

  /** One step for a plan without rate phases, until its rate is changed. */
  constructor({ratePhases, ratePerSecond, durationSeconds}: RatePlan) {
    const toMs = (durationSeconds ?? Number.POSITIVE_INFINITY) * 1000
    this.#steps =
      ratePhases === null
        ? [{fromMs: 0, toMs, fromPerSecond: ratePerSecond, toPerSecond: ratePerSecond}]
        : stepsOf(ratePhases)
  }

  all(): readonly RateStep[] {
    return this.#steps
  }

  /** The step at a time; the first before the start, the last after the end. */
  indexAt(ms: number): number {
    const steps = this.#steps
    let at = this.#at
    while (at > 0 && ms < steps[at]!.fromMs - TOLERANCE_MS) at--
    while (at < steps.length - 1 && ms >= steps[at]!.toMs - TOLERANCE_MS) at++
    this.#at = at
    return at
  }

  /** Sets another rate from a time on, until the end, instead of what was planned. */
  change(ratePerSecond: number, atMs: number): void {
    const {toMs} = this.#steps.at(-1)!
    const fromMs = Math.min(Math.max(0, atMs), toMs)
    const before = this.#steps.filter(step => step.fromMs < fromMs)
    const last = before.at(-1)
    if (last !== undefined) before[before.length - 1] = cutAt(last, fromMs)
    this.#steps = [...before, {fromMs, toMs, fromPerSecond: ratePerSecond, toPerSecond: ratePerSecond}]
    this.#at = 0
  }
}

function cutAt(step: RateStep, ms: number): RateStep {
  const {fromMs, toMs, fromPerSecond, toPerSecond} = step
  if (ms >= toMs) return step
  if (fromPerSecond === toPerSecond) return {...step, toMs: ms}
  const share = (ms - fromMs) / (toMs - fromMs)
  return {...step, toMs: ms, toPerSecond: fromPerSecond + (toPerSecond - fromPerSecond) * share}
}

function stepsOf(phases: readonly RatePhase[]): RateStep[] {
  let fromMs = 0
  return phases.flatMap(phase => {
    const {fromPerSecond, toPerSecond, seconds} = phase
    const whole = {fromMs, toMs: fromMs + seconds * 1000, fromPerSecond, toPerSecond}
    fromMs = whole.toMs
    return fromPerSecond === toPerSecond ? [whole] : partsOf(whole, rampParts(seconds, phases.length))
  })
}

function rampParts(seconds: number, phases: number): number {
  return Math.max(1, Math.min(RAMP_PARTS_MOST, Math.floor(seconds), Math.floor(STEPS_MOST / phases)))
}

function partsOf({fromMs, toMs, fromPerSecond, toPerSecond}: RateStep, parts: number): RateStep[] {
  const at = (from: number, to: number, part: number): number => from + ((to - from) * part) / parts
  return Array.from({length: parts}, (_, part) => ({
    fromMs: at(fromMs, toMs, part),
    toMs: at(fromMs, toMs, part + 1),
    fromPerSecond: at(fromPerSecond, toPerSecond, part),
    toPerSecond: at(fromPerSecond, toPerSecond, part + 1),
  }))
}
