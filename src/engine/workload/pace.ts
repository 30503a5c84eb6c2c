import type {LoadPlan, RatePhase} from '../plan/plan.js'

interface Stretch {
  readonly fromMs: number
  /** Operations due before it. */
  readonly before: number
  readonly ratePerSecond: number
}

/** When each operation of an open loop is due, and how many are due by a time; the rate can be changed at any time. */
export class Pace {
  readonly #start: RateCurve | number
  /** One for each change of the rate. */
  readonly #changes: Stretch[] = []

  constructor({ratePerSecond, ratePhases}: Pick<LoadPlan, 'ratePerSecond' | 'ratePhases'>) {
    this.#start = ratePhases === null ? ratePerSecond : new RateCurve(ratePhases)
  }

  /** @param count operations before this one; not only whole numbers @returns ms from the start; Infinity behind the end */
  dueMs(count: number): number {
    for (let at = this.#changes.length - 1; at >= 0; at--) {
      const {fromMs, before, ratePerSecond} = this.#changes[at]!
      if (count >= before) return fromMs + ((count - before) * 1000) / ratePerSecond
    }
    return typeof this.#start === 'number' ? (count * 1000) / this.#start : this.#start.dueMs(count)
  }

  /** Operations that are due before a time; not only whole numbers. */
  operationsBy(ms: number): number {
    const last = this.#changes.findLast(({fromMs}) => fromMs <= ms)
    if (last !== undefined) return last.before + ((ms - last.fromMs) * last.ratePerSecond) / 1000
    return typeof this.#start === 'number' ? (ms * this.#start) / 1000 : this.#start.operationsBy(ms)
  }

  /** Operations per second at a time; 0 after the last phase. */
  rateAt(ms: number): number {
    const last = this.#changes.findLast(({fromMs}) => fromMs <= ms)
    if (last !== undefined) return last.ratePerSecond
    return typeof this.#start === 'number' ? this.#start : this.#start.rateAt(ms)
  }

  /** Changes the rate from a time on; operations due before it keep their times. */
  change(ratePerSecond: number, atMs: number): void {
    const fromMs = Math.max(atMs, this.#changes.at(-1)?.fromMs ?? 0)
    this.#changes.push({fromMs, before: this.operationsBy(fromMs), ratePerSecond})
  }
}

interface Phase {
  readonly fromMs: number
  readonly seconds: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
  /** Operations due before this phase. */
  readonly before: number
  readonly after: number
}

/** When each operation is due while the rate ramps and steps: the inverse of "operations due by a time". */
export class RateCurve {
  readonly #phases: readonly Phase[]
  /** Phase of the last answer: the next one is seldom far from it. */
  #at = 0

  constructor(phases: readonly RatePhase[]) {
    let fromMs = 0
    let before = 0
    this.#phases = phases.map(({fromPerSecond, toPerSecond, seconds}) => {
      const after = before + ((fromPerSecond + toPerSecond) / 2) * seconds
      const phase = {fromMs, seconds, fromPerSecond, toPerSecond, before, after}
      fromMs += seconds * 1000
      before = after
      return phase
    })
  }

  /** Operations that are due before a time. */
  operationsBy(ms: number): number {
    const phase = this.#phases.findLast(({fromMs}) => fromMs <= ms)
    if (phase === undefined) return 0
    const seconds = Math.min((ms - phase.fromMs) / 1000, phase.seconds)
    const rate = phase.fromPerSecond + (slopeOf(phase) * seconds) / 2
    return seconds === phase.seconds ? phase.after : phase.before + rate * seconds
  }

  /** Operations per second at a time; 0 outside. */
  rateAt(ms: number): number {
    const phase = this.#phases.findLast(({fromMs}) => fromMs <= ms)
    const seconds = phase === undefined ? 0 : (ms - phase.fromMs) / 1000
    return phase === undefined || seconds >= phase.seconds ? 0 : phase.fromPerSecond + slopeOf(phase) * seconds
  }

  /** @param count operations before this one; not only whole numbers @returns ms from the start; Infinity behind the end */
  dueMs(count: number): number {
    const phases = this.#phases
    let at = this.#at
    while (at > 0 && phases[at]!.before > count) at--
    while (at < phases.length - 1 && phases[at]!.after <= count) at++
    this.#at = at
    return dueWithin(phases[at]!, count)
  }
}

function slopeOf({fromPerSecond, toPerSecond, seconds}: Phase): number {
  return (toPerSecond - fromPerSecond) / seconds
}

/** Solves from·t + (to − from)/(2·seconds)·t² = n for t, in the form that does not cancel out near a constant rate. */
function dueWithin(phase: Phase, count: number): number {
  const {fromMs, fromPerSecond, before, after} = phase
  if (count >= after) return Number.POSITIVE_INFINITY
  const n = count - before
  if (n === 0 && fromPerSecond > 0) return fromMs
  const slope = slopeOf(phase)
  const root = Math.sqrt(Math.max(0, fromPerSecond * fromPerSecond + 2 * slope * n))
  return fromMs + (2000 * n) / (fromPerSecond + root || 1)
}
