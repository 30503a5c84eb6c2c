import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

const plan = checkPlan({
  name: 'mixed-90-10',
  mix: [
    {method: 'get', weight: 90},
    {method: 'set', weight: 10},
  ],
  connections: 50,
  connectionsPerSecond: 0,
  callsPerConnection: null,
  durationSeconds: 10,
  warmupSeconds: 1,
  prefill: true,
  ratePerSecond: 20_000,
  arrival: 'exponential',
  sizes: {kind: 'uniform', minBytes: 64, maxBytes: 1024},
  keyPrefix: 'mixed:',
  keyCount: 20_000,
  keyDistribution: {kind: 'zipf', exponent: 0.99},
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const mixed9010: Profile = {
  summary: 'a cache in service: 20,000 op/s, nine gets per set, some keys much hotter than others',
  about:
    'Every key is stored first, so that gets hit. Calls arrive as from independent callers (exponential arrival), keys are ' +
    'drawn by zipf 0.99, values have 64 B to 1 KB, 12 MB in all. Shows p99 in normal service.',
  plan,
}
