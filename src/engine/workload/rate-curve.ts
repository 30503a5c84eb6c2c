import type {RatePhase} from '../plan/plan.js'

interface Phase {
  readonly fromMs: number
  readonly seconds: number
  readonly fromPerSecond: number
  readonly toPerSecond: number
  /** Operations due before this phase. */
  readonly before: number
  readonly after: number
}

/** When each operation of a load is due whose rate ramps and steps: the inverse of "operations due by a time". */
export class RateCurve {
  readonly #phases: readonly Phase[]
  /** Where the last answer came from: the next one is seldom far from it. */
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
