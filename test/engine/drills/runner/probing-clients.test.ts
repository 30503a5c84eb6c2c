import {expect, test} from 'vitest'
import {type DrillLoadSettings, drillPlan} from '../../../../src/engine/drills/contract/drill-plan.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import {callSpacingMs} from '../../../../src/engine/drills/judge/rto.js'
import {needsProbes, probingPlan, shifted} from '../../../../src/engine/drills/runner/probing-clients.js'

const planOf = (settings: DrillLoadSettings = {}) =>
  drillPlan(drills.find(({name}) => name === 'kill-master')!, settings)

test.each<[DrillLoadSettings, number, boolean]>([
  [{}, 10, false],
  [{rate: 20}, 1000, true],
  [{rate: 1999}, 10.005, true],
  [{rate: 20_000}, 1, false],
  [{rate: 20_000, conns: 1000}, 50, true],
  [{rate: 0}, 1, false],
])('a load of %j: a client calls every %d ms; probes are needed: %s', (settings, spacingMs, needed) => {
  const plan = planOf(settings)
  expect(callSpacingMs(plan)).toBeCloseTo(spacingMs, 2)
  expect(needsProbes(plan)).toBe(needed)
})

test('the drill’s own clients have the policy of the load, and write nothing', () => {
  const plan = planOf({rate: 20, clientPolicy: 'pymemcache', timeout: 0.3})
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
