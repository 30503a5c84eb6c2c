import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

const plan = checkPlan({
  name: 'big-values',
  mix: [
    {method: 'get', weight: 1},
    {method: 'set', weight: 1},
  ],
  connections: 10,
  connectionsPerSecond: 0,
  callsPerConnection: null,
  durationSeconds: 10,
  prefill: true,
  ratePerSecond: 200,
  sizes: {kind: 'uniform', minBytes: 100_000, maxBytes: 1_000_000},
  keyPrefix: 'big:',
  keyCount: 40,
  keyDistribution: {kind: 'uniform'},
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const bigValues: Profile = {
  summary: 'values of 100 KB to 1 MB, half gets and half sets, 200 op/s',
  about:
    'Some 55 MB/s each way. Shows what one big value does to the calls behind it, and to a replication link. 40 keys, so ' +
    "that all fit into memcached's default of 64 MB.",
  plan,
}
