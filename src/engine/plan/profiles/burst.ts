import {checkPlan, type RatePhase} from '../plan.js'
import type {Profile} from './profile.js'

const CALM_PER_SECOND = 2000
const BURST_PER_SECOND = 40_000

const rates = [
  CALM_PER_SECOND,
  BURST_PER_SECOND,
  CALM_PER_SECOND,
  BURST_PER_SECOND,
  CALM_PER_SECOND,
  BURST_PER_SECOND,
  CALM_PER_SECOND,
]
const ratePhases: RatePhase[] = rates.map(rate => ({fromPerSecond: rate, toPerSecond: rate, seconds: 1.5}))

const plan = checkPlan({
  name: 'burst',
  mix: [{method: 'set', weight: 1}],
  connections: 50,
  connectionsPerSecond: 0,
  callsPerConnection: null,
  durationSeconds: rates.length * 1.5,
  ratePerSecond: rates.reduce((sum, rate) => sum + rate, 0) / rates.length,
  ratePhases,
  arrival: 'exponential',
  sizes: {kind: 'uniform', minBytes: 256, maxBytes: 2048},
  keyPrefix: 'burst:',
  keyCount: 10_000,
  keyDistribution: {kind: 'uniform'},
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const burst: Profile = {
  summary: 'sets in bursts: 2,000 op/s, then 40,000, three times',
  about:
    'Every 1.5 s the rate rises twentyfold. Shows queues that fill, the replication queue among them, and how long they ' +
    'take to drain: read the timeline, not the mean.',
  plan,
}
