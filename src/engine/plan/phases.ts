import {isOpenLoop, type LoadPlan} from './plan.js'

/** Keys are stored this many at a time by each connection: nobody measures a prefill. */
const PREFILL_PIPELINE = 32
/** A load that is checked is about pairs, and a burst breaks the link of a real one before anything is measured. */
const GENTLE_PIPELINE = 1

/** One part of a run, with books of its own; the same threads do one after the other. */
export interface LoadPhase {
  readonly name: 'prefill' | 'warmup' | 'load'
  readonly plan: LoadPlan
  /** Calls to share among all connections instead of what the plan says of rate and length; null = as the plan says. */
  readonly calls: number | null
}

/** The parts of a run in their order; the last is the load itself. */
export function phasesOf(plan: LoadPlan): LoadPhase[] {
  const phases: LoadPhase[] = [{name: 'load', plan, calls: null}]
  if (plan.warmupSeconds > 0) phases.unshift({name: 'warmup', plan: warmupOf(plan), calls: null})
  if (plan.prefill) phases.unshift({name: 'prefill', plan: prefillOf(plan), calls: plan.keyCount})
  return phases
}

/** The load as it begins, all connections at once, for the time of the warm-up. */
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

/** Every key once. Where the load counts, the values are numbers. */
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
