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
  summary: 'ten seconds of sets of 32 bytes as fast as 50 connections go',
  about:
    'The usual shape for the most operations per second that a node takes: a closed loop with one call under way on each ' +
    'connection. Latency in a closed loop is that of a server at its limit; for that of a service use a rate.',
  plan,
}
