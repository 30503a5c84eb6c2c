import {expect, test} from 'vitest'
import {PlanError} from '../../../src/engine/errors.js'
import {checkPlan} from '../../../src/engine/plan/plan.js'
import {profiles} from '../../../src/engine/plan/profiles/registry.js'
import {makePlan} from '../helpers/plans.js'

test.each(profiles.map(profile => [profile.plan.name, profile] as const))('profile %s is valid', (_, {plan}) => {
  expect(checkPlan(plan)).toEqual(plan)
})

test('seed is the published load', () => {
  expect(profiles.find(({plan}) => plan.name === 'seed')?.plan).toMatchObject({
    mix: [{method: 'set'}],
    connections: 100,
    connectionsPerSecond: 1000,
    callsPerConnection: 10_000,
    ratePerSecond: 100_000,
    sizes: {kind: 'uniform', minBytes: 1024, maxBytes: 10_240},
    keyPrefix: 'mcp:',
    keyCount: null,
  })
})

test.each([
  [{connections: 0}, 'connections'],
  [{threads: 3}, 'threads'],
  [{callsPerConnection: null}, 'callsPerConnection'],
  [{callsPerConnection: 1, durationSeconds: 1}, 'callsPerConnection'],
  [{keyPrefix: 'a b'}, 'keyPrefix'],
  [{keyPrefix: 'x'.repeat(243)}, 'keyPrefix'],
  [{ratePerSecond: -1}, 'ratePerSecond'],
  [{mix: []}, 'mix'],
  [{unknown: 1}, 'unknown'],
  [{verify: true}, 'keyCount'],
  [{verify: true, keyCount: 1}, 'keyCount'],
  [{verify: true, keyCount: 100_000_001}, 'keyCount'],
  [{verify: true, keyCount: 10, noreply: true}, 'noreply'],
  [{verify: true, keyCount: 10, sizes: {kind: 'uniform', minBytes: 7, maxBytes: 100}}, 'sizes'],
  [{verify: true, keyCount: 10, mix: [{method: 'incr', weight: 1}]}, 'mix'],
])('refuses %j and names the field', (changes, field) => {
  expect(() => checkPlan({...makePlan(), ...changes})).toThrow(PlanError)
  expect(() => checkPlan({...makePlan(), ...changes})).toThrow(field)
})
