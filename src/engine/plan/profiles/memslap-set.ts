import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

/** With the 8 digits of their counter, keys have 40 bytes. */
const keyPrefix = 'memslap:'.padEnd(32, '0')

const plan = checkPlan({
  name: 'memslap-set',
  mix: [{method: 'set', weight: 1}],
  connections: 1,
  connectionsPerSecond: 0,
  callsPerConnection: 10_000,
  durationSeconds: null,
  ratePerSecond: 0,
  sizes: {kind: 'uniform', minBytes: 50, maxBytes: 5000},
  keyPrefix,
  keyCount: 10_000,
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const memslapSet: Profile = {
  summary: 'what `memcslap --test=set` sends: 10,000 sets of 50 to 5000 bytes on one connection',
  about:
    "memcslap's defaults: --concurrency=1, --execute-number=10000, each key once. Its keys have 20 to 60 bytes, these 40. " +
    'repbench memslap has its command line and its output.',
  plan,
}
