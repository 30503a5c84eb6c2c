import {expect, test} from 'vitest'
import {type DrillLoadChanges, drillPlan} from '../../../../src/engine/drills/contract/drill-plan.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import {callSpacingMs} from '../../../../src/engine/drills/judge/rto.js'
import {needsProbes, probingPlan, shifted} from '../../../../src/engine/drills/runner/probing-clients.js'

const planOf = (settings: DrillLoadChanges = {}) =>
  drillPlan(drills.find(({name}) => name === 'kill-master')!, settings)

test.each<[DrillLoadChanges, number, boolean]>([
  [{}, 10, false],
  [{ratePerSecond: 20}, 1000, true],
  [{ratePerSecond: 1999}, 10.005, true],
  [{ratePerSecond: 20_000}, 1, false],
  [{ratePerSecond: 20_000, connections: 1000}, 50, true],
  [{ratePerSecond: 0}, 1, false],
])('a load of %j: a client calls every %d ms; probes are needed: %s', (settings, spacingMs, needed) => {
  const plan = planOf(settings)
  expect(callSpacingMs(plan)).toBeCloseTo(spacingMs, 2)
  expect(needsProbes(plan)).toBe(needed)
})

test('the drill’s own clients have the policy of the load, and write nothing', () => {
  const plan = planOf({ratePerSecond: 20, clientPolicy: 'pymemcache', timeoutMs: 300})
  const probing = probingPlan(plan)
  expect(probing).toMatchObject({
    timeoutMs: 300,
    retries: 2,
    retryDelayMs: 1000,
    keyServers: 2,
    homeAsked: plan.homeAsked,
    mix: [{method: 'get', weight: 1}],
    keyPrefix: 'drill-probe:',
    verify: false,
    prefill: false,
  })
  expect(needsProbes(probing)).toBe(false)
})

test('their times are moved to the clock of the load', () => {
  const outage = {connection: 0, from: 1, failed: 2, failure: 'reset', attempt: 3, to: null}
  expect(shifted([outage], 0.5)).toEqual([{...outage, from: 1.5, failed: 2.5, attempt: 3.5}])
})
