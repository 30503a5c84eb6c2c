import {checkPlan} from '../plan.js'
import type {Profile} from './profile.js'

const plan = checkPlan({
  name: 'set-small',
  mix: [{method: 'set', weight: 1}],
  connections: 50,
  connectionsPerSecond: 0,
  callsPerConnection: null,
  durationSeconds: 10,
  ratePerSecond: 0,
  sizes: {kind: 'fixed', bytes: 32},
  keyPrefix: 'small:',
  keyCount: 100_000,
  valueBytes: 'random',
  timeoutMs: 5000,
  threads: 1,
  seed: 1,
})

export const setSmall: Profile = {
  summary: 'ten seconds of 32-byte sets, as fast as 50 connections allow',
  about:
    'The usual load to find the most operations per second of a node: a closed loop with one call in flight on each ' +
    'connection. Latency in a closed loop is that of a saturated server; use a rate for the latency of a service.',
  plan,
}
