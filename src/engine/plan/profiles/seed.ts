import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

const connections = 100

/** The load that operators published (spec: `mcperf --conn-rate=1000 --call-rate=1000 --num-calls=10000 --num-conns=100 --sizes=u1024,10240`). */
const plan = checkPlan({
  name: 'seed',
  mix: [{method: 'set', weight: 1}],
  connections,
  connectionsPerSecond: 1000,
  callsPerConnection: 10_000,
  durationSeconds: null,
  ratePerSecond: connections * 1000,
  sizes: {kind: 'uniform', minBytes: 1024, maxBytes: 10_240},
  keyPrefix: 'mcp:',
  keyCount: null,
  valueBytes: 'zeros',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const seed: Profile = {
  summary: 'the published load: 100 connections opened at 1000/s, 10,000 sets on each at 1000/s, 1 to 10 KB',
  about:
    'What `mcperf --conn-rate=1000 --call-rate=1000 --num-calls=10000 --num-conns=100 --sizes=u1024,10240` sends: an open ' +
    'loop that grows to 100,000 op/s and some 560 MB/s within 0.1 s and lasts 10 s, even if the server cannot keep up. ' +
    'Under it real pairs of repcached lose their link.',
  plan,
}
