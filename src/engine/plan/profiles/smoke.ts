import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

const plan = checkPlan({
  name: 'smoke',
  mix: [
    {method: 'set', weight: 1},
    {method: 'get', weight: 1},
  ],
  connections: 10,
  connectionsPerSecond: 0,
  callsPerConnection: null,
  durationSeconds: 3,
  ratePerSecond: 2000,
  sizes: {kind: 'uniform', minBytes: 32, maxBytes: 1024},
  keyPrefix: 'smoke:',
  keyCount: 1000,
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const smoke: Profile = {
  summary: 'quick check: three seconds at 2000 op/s, half sets and half gets',
  about: 'Light enough for every machine and node; the base of profile files that name no other.',
  plan,
}
