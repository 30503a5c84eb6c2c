import {expect, test} from 'vitest'
import {type DrillLoadChanges, drillPlan} from '../../../../src/engine/drills/contract/drill-plan.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'

const planOf = (settings: DrillLoadChanges) => drillPlan(drills[0]!, settings)

test('without a word the clients are repbench’s own', () => {
  expect(planOf({})).toEqual(planOf({clientPolicy: 'repbench'}))
  expect(planOf({timeoutMs: 300})).toMatchObject({
    timeoutMs: 300,
    connectTimeoutMs: null,
    failover: true,
    keyServers: 1,
  })
})

test('single options change a named policy, the rest of it stays', () => {
  const clientPolicy = 'libmemcached'
  expect(planOf({clientPolicy})).toMatchObject({
    timeoutMs: 5000,
    connectTimeoutMs: 4000,
    failover: false,
    reconnect: true,
  })
  expect(planOf({clientPolicy, timeoutMs: 1000, retryDelayMs: 100})).toMatchObject({
    clientPolicy,
    timeoutMs: 1000,
    connectTimeoutMs: 4000,
    retryDelayMs: 100,
    firstRetryDelayMs: null,
    keyServers: 2,
  })
  expect(planOf({clientPolicy: 'mcrouter', switchBackMs: null, retries: 1})).toMatchObject({
    switchBackMs: null,
    retries: 1,
    failoverDelayMs: 0,
  })
})
