import {checkPlan, type LoadPlan} from '../../../src/engine/plan/plan.js'

/** A small closed loop of sets; tests change what they are about. */
export function makePlan(changes: Partial<LoadPlan> = {}): LoadPlan {
  return checkPlan({
    name: 'test',
    mix: [{method: 'set', weight: 1}],
    connections: 2,
    connectionsPerSecond: 0,
    callsPerConnection: 'durationSeconds' in changes ? null : 10,
    durationSeconds: null,
    ratePerSecond: 0,
    sizes: {kind: 'fixed', bytes: 8},
    keyPrefix: 'k:',
    keyCount: null,
    valueBytes: 'zeros',
    timeoutMs: 5000,
    threads: 1,
    seed: 1,
    ...changes,
  })
}
