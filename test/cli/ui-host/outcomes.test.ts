import {expect, it} from 'vitest'
import {type DrillDocument, repeatedDrillDocument} from '../../../src/cli/documents/json/drill-json.js'
import {makeRepeatedDocument} from '../../../src/cli/documents/json/repeated-json.js'
import {makeRunDocument, type RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {readAssertions} from '../../../src/cli/load-settings/report-options.js'
import {outcomeOfDrills} from '../../../src/cli/ui-host/drill-outcome.js'
import {outcomeOf} from '../../../src/cli/ui-host/run-outcome.js'
import {checkAssertion} from '../../../src/engine/assertions/check-assertion.js'
import {clientPolicies, planOfPolicy} from '../../../src/engine/plan/client-policies.js'
import {latency, makeResult} from '../../engine/helpers/results.js'

const [assertion] = readAssertions({assert: 'p99<2ms'})

function run(p99: number): RunDocument {
  const result = makeResult({verification: null})
  const changed = {...result, latencyUs: {...result.latencyUs, response: {...latency, p99}}}
  const assertions = [checkAssertion(assertion!, changed)]
  const topology = {name: 'pair', nodes: []}
  return makeRunDocument({result: changed, command: 'load', version: '0', topology, assertions})
}

it('says of one run what it came to', () => {
  const {assertions, report, ...rest} = outcomeOf(run(1000))
  expect(assertions).toEqual([{expr: 'p99<2ms', got: '1.00 ms', verdict: 'pass'}])
  expect(report).not.toContain('median')
  expect(rest).not.toHaveProperty('repeated')
})

it('says of several runs their medians, of each condition the worst, and how many are missing', () => {
  const document = makeRepeatedDocument([run(1000), run(3000), run(1500)], 4)
  const {assertions, report, reasons, repeated} = outcomeOf(document, new Error('nobody answers'))
  expect(assertions).toEqual([{expr: 'p99<2ms', got: '3.00 ms', verdict: 'fail'}])
  expect(report).toContain('median')
  expect(reasons?.[0]).toBe('runs not made: 1 (nobody answers)')
  expect(repeated).toMatch(
    /^3 of 4 runs, medians: \S+ op\/s {2}p50 0\.180 p99 1\.50 max \S+ ms {2}errors \d+ {2}p99 spread 133 %$/,
  )
})

it('leaves runs that were ended early out of the medians', () => {
  const ended = {...run(9000), interrupted: true}
  const {repeated} = outcomeOf(makeRepeatedDocument([run(1000), ended], 3))
  expect(repeated).toMatch(/^1 of 3 runs, medians: .* p99 1\.00 max \S+ ms {2}errors \d+$/)
  expect(outcomeOf(makeRepeatedDocument([ended], 3)).repeated).toBe('none of 3 runs finished')
})

const drill: DrillDocument = {
  ...{schema: 'repbench.drill/1', command: 'drill', version: '0', seed: 1, replay: null, reasons: [], drill: 'calm'},
  ...{
    startedAt: '2026-11-22T14:03:05.123Z',
    topology: 'pair',
    resilient: false,
    clients: planOfPolicy(clientPolicies.repbench),
    nodes: [],
    steps: [],
    faults: [],
  },
  ...{
    problem: null,
    times: null,
    measures: null,
    check: null,
    rpo: null,
    comparison: null,
    lagUs: null,
    lagByPhaseUs: null,
    faultyReads: [],
    wrongReads: null,
  },
  ...{events: [], advice: null, run: null, assertions: [], verdict: 'pass'},
}

it('says of one drill what it came to, and of several how they ended', () => {
  expect(outcomeOfDrills(drill)).not.toHaveProperty('repeated')
  const outcome = (verdict: 'pass' | 'fail', actual: number): DrillDocument => ({
    ...drill,
    verdict,
    advice: verdict === 'pass' ? null : 'start it again',
    assertions: [{expr: 'lost==0', actual, unit: 'count', verdict}],
  })
  expect(
    outcomeOfDrills(repeatedDrillDocument([outcome('pass', 0), outcome('fail', 7), outcome('pass', 0)], 3)),
  ).toMatchObject({
    verdict: 'fail',
    repeated: '3 times: pass 2, fail 1, unknown 0',
    assertions: [{expr: 'lost==0', got: '7', verdict: 'fail'}],
    advice: 'start it again',
    report: expect.stringContaining('drill calm on pair, 3 times'),
  })
  expect(outcomeOfDrills(repeatedDrillDocument([drill], 2), new Error('no port is free'))).toMatchObject({
    verdict: 'unknown',
    problem: 'no port is free',
    repeated: '1 of 2 times: pass 1, fail 0, unknown 0',
  })
})
