import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

/** With the 8 digits of their counter, keys have 64 bytes. */
const keyPrefix = 'memaslap:'.padEnd(56, '0')

const plan = checkPlan({
  name: 'memaslap',
  mix: [
    {method: 'get', weight: 9},
    {method: 'set', weight: 1},
  ],
  connections: 16,
  connectionsPerSecond: 0,
  callsPerConnection: null,
  durationSeconds: 10,
  prefill: true,
  verify: true,
  ratePerSecond: 0,
  sizes: {kind: 'fixed', bytes: 1024},
  keyPrefix,
  keyCount: 10_000,
  keyDistribution: {kind: 'uniform'},
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const memaslap: Profile = {
  summary: "memaslap's usual load, verified: 9 gets per set, 64-byte keys, 1 KB values, 16 connections",
  about:
    "memaslap's defaults: concurrency 16, one thread, get/set 9:1, key 64 B, value 1024 B, window of 10,000 objects. Here " +
    'all connections share one window, which fits into 64 MB (there each has its own), every read is verified ' +
    '(there none is unless asked), and it lasts 10 s (there 10 minutes).',
  plan,
}
