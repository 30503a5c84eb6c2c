import {expect, test} from 'vitest'
import {drillDocument, policyDrillsDocument} from '../../../../src/cli/documents/json/drill-json.js'
import {formatPolicyDrills} from '../../../../src/cli/documents/text/policies-text.js'
import {describePolicy} from '../../../../src/cli/documents/text/policy-text.js'
import {describeRto} from '../../../../src/cli/documents/text/rto-text.js'
import {drillPlan} from '../../../../src/engine/drills/contract/drill-plan.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import type {DrillResult} from '../../../../src/engine/drills/judge/drill-result.js'
import type {DrillTimings} from '../../../../src/engine/drills/judge/drill-timings.js'
import {measureRto} from '../../../../src/engine/drills/judge/rto.js'
import {clientPolicies, type PolicyName, planOfPolicy} from '../../../../src/engine/plan/client-policies.js'

const killMaster = drills.find(({name}) => name === 'kill-master')!

test.each<[PolicyName, string]>([
  [
    'repbench',
    'time-out 1.00 s, after any failure the other node (after 10 ms), back when the first answers (asked after 500 ms)',
  ],
  [
    'libmemcached',
    'time-out 5.00 s (connecting: 4.00 s), keys hashed over both nodes, no failover: tries again, first after 0 ms, then 3.00 s apart',
  ],
  [
    'pymemcache',
    'no time-out, keys hashed over both nodes, after a failure 2 retries 1.00 s apart, then the other node, back when the first answers (asked after 60.00 s)',
  ],
])('the policy of %s in one line', (name, line) => {
  expect(describePolicy(planOfPolicy(clientPolicies[name]))).toBe(`${name}: ${line}`)
})

test('a policy that was changed by an option says so', () => {
  expect(describePolicy(drillPlan(killMaster, {}))).toMatch(/^repbench: time-out 1\.00 s, after any/)
  expect(describePolicy(drillPlan(killMaster, {retries: 3, retryDelayMs: 200}))).toMatch(
    /^repbench, changed: .* after a failure 3 retries 200 ms apart, then the other node/,
  )
  expect(describePolicy(drillPlan(killMaster, {clientPolicy: 'mcrouter', switchBackMs: null}))).toMatch(
    /^mcrouter, changed: .* never back$/,
  )
})

const rto = measureRto({
  outages: [
    {connection: 0, from: 3, failed: 3.01, failure: 'reset', attempt: 3.03, to: 3.04},
    {connection: 1, from: 3, failed: 3.02, failure: 'call time-out', attempt: null, to: null},
    {connection: 2, from: 3, failed: 3, failure: null, attempt: null, to: 5},
  ],
  by: 'probes',
  resolutionMs: 5,
  fault: 3,
  faultBefore: null,
})
const probes = {clients: 4, callEveryMs: 5, calls: 1234, failed: 7}

test('RTO in its parts, with its resolution and whose it is', () => {
  expect(describeRto({rtoMs: rto, probes} as DrillTimings)).toEqual([
    'RTO            40 ms first, 40 ms median, 2.00 s longest of 3 probing clients, to within 5 ms; 1 never served again',
    '  median       40 ms: reset after 10 ms, 20 ms by the policy, 10 ms to connect and be answered',
    '  worst        never: call time-out after 20 ms',
    "probes         4 clients of the drill's own, as those of the load call too seldom: each a get of no key every 5 ms, 1,234 calls, 7 failed",
  ])
})

test('a drill that was kept by an earlier version says what it has', () => {
  const {clients, never, min, p50, max, byClient} = rto
  const rtoMs = {clients, never, min, p50, max, byClient: byClient.map(({client, ms}) => ({client, ms}))}
  expect(describeRto({rtoMs} as unknown as DrillTimings)).toEqual([
    'RTO            40 ms first, 40 ms median, 2.00 s longest of 3 clients; 1 never served again',
  ])
})

test('a drill by several policies is a row for each', () => {
  const documents = (['repbench', 'libmemcached'] as const).map(name => {
    const measures = {rtoMs: rto, probes, errors: {'connection: reset': 2, 'call: timed out': 3}}
    const result = {
      drill: 'kill-master',
      topology: 'pair',
      resilient: false,
      clients: planOfPolicy(clientPolicies[name]),
      measures: name === 'repbench' ? measures : null,
      run: null,
    } as unknown as DrillResult
    return drillDocument({
      result,
      assertions: [],
      verdict: name === 'repbench' ? 'pass' : 'unknown',
      version: '1',
      seed: 1,
    })
  })
  const compared = policyDrillsDocument(documents, documents.length)
  expect(compared).toMatchObject({
    schema: 'repbench.policies/1',
    verdict: 'unknown',
    policies: [
      {policy: 'repbench', how: 'reset', detectionMs: 10, waitingMs: 20, connectMs: 10, errors: 5},
      {policy: 'libmemcached', how: null, detectionMs: null, rtoMs: {p50: null, max: null}},
    ],
  })
  const [, , heading, first, second] = formatPolicyDrills(compared).split('\n')
  expect(heading).toMatch(/^policy +RTO p50 +longest +detected/)
  expect(first).toMatch(/^repbench +40 ms +2\.00 s +reset 10 ms +20 ms +10 ms +3 of 4 +1 +5 +pass$/)
  expect(second).toMatch(/^libmemcached +– +– +– .* unknown$/)
})
