import {isOpenLoop, type LoadPlan} from './plan.js'

/** Sets in flight on each connection: a prefill is not measured. */
const PREFILL_PIPELINE = 32
/** The same before a verified load: a burst would break the link of a real pair before anything is measured. */
const GENTLE_PIPELINE = 1

/** One part of a run, counted apart; the same threads run all phases in turn. */
export interface LoadPhase {
  readonly name: 'prefill' | 'warmup' | 'load'
  readonly plan: LoadPlan
  /** Calls to share among all connections, instead of the plan's rate and length; null = as the plan says. */
  readonly calls: number | null
}

/** The phases of a run in order; the last is the load itself. */
export function phasesOf(plan: LoadPlan): LoadPhase[] {
  const phases: LoadPhase[] = [{name: 'load', plan, calls: null}]
  if (plan.warmupSeconds > 0) phases.unshift({name: 'warmup', plan: warmupOf(plan), calls: null})
  if (plan.prefill) phases.unshift({name: 'prefill', plan: prefillOf(plan), calls: plan.keyCount})
  return phases
}

/** The load at its first rate, all connections opened at once, for the length of the warm-up. */
function warmupOf(plan: LoadPlan): LoadPlan {
  return {
    ...plan,
    connectionsPerSecond: 0,
    callsPerConnection: null,
    durationSeconds: plan.warmupSeconds,
    ratePerSecond: isOpenLoop(plan) ? firstRate(plan) : 0,
    ratePhases: null,
  }
}

/** A ramp may begin at 0, which would mean a closed loop. */
function firstRate(plan: LoadPlan): number {
  const [first] = plan.ratePhases ?? []
  return first === undefined ? plan.ratePerSecond : first.fromPerSecond || first.toPerSecond || plan.ratePerSecond
}

/** A set of every key. For a load with incr or decr the values are numbers. */
function prefillOf(plan: LoadPlan): LoadPlan {
  const counts = plan.mix.some(({method}) => method === 'incr' || method === 'decr')
  return {
    ...plan,
    mix: [{method: 'set', weight: 1}],
    connectionsPerSecond: 0,
    callsPerConnection: null,
    durationSeconds: null,
    ratePerSecond: 0,
    ratePhases: null,
    pipeline: plan.verify ? GENTLE_PIPELINE : PREFILL_PIPELINE,
    keyDistribution: {kind: 'sequential'},
    hitRatio: null,
    noreply: false,
    ...(counts ? {sizes: {kind: 'fixed', bytes: 1}, valueBytes: 'zeros'} : {}),
  }
}
