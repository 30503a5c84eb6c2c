import {describe, expect, test} from 'vitest'
import {parseAssertion} from '../../../src/engine/assertions/assertion.js'
import {checkAssertion} from '../../../src/engine/assertions/check-assertion.js'
import {runMeasures} from '../../../src/engine/assertions/run-measures.js'
import {findingKinds} from '../../../src/engine/check/ledger/ledger-verdict.js'
import type {ConsistencyCheck} from '../../../src/engine/check/pair-check.js'
import {judgeRun, type RunFault} from '../../../src/engine/result/judge-run.js'
import {makePlan} from '../helpers/plans.js'
import {makeResult} from '../helpers/results.js'

const clean = {errors: {}, timedOut: 0, lostWithConnection: 0}
const operations = {...makeResult().operations, ...clean}
const connections = {...makeResult().connections, errors: {}}

test('a run without faults passes', () => {
  expect(judgeRun(makeResult({operations, connections}))).toBe('pass')
})

test.each([
  {operations: {...operations, errors: {ERROR: 1}}},
  {operations: {...operations, timedOut: 1}},
  {operations: {...operations, lostWithConnection: 1}},
  {connections: {...connections, errors: {reset: 1}}},
  {prefill: {seconds: 1, operations: {...operations, timedOut: 1}}},
])('a run with a fault fails: %j', changes => {
  expect(judgeRun(makeResult({operations, connections, ...changes}))).toBe('fail')
})

test('an interrupted run is unknown', () => {
  expect(judgeRun(makeResult({interrupted: true}))).toBe('unknown')
})

test('connections that are opened again are no fault; the calls they lost are', () => {
  const plan = {...makePlan(), reconnect: true}
  const failed = {...connections, errors: {reset: 3}}
  expect(judgeRun(makeResult({plan, operations, connections: failed}))).toBe('pass')
  const lost = {...operations, lostWithConnection: 3}
  expect(judgeRun(makeResult({plan, operations: lost, connections: failed}))).toBe('fail')
})

test('a fault that has a budget is judged by that alone', () => {
  const lost = {...operations, lostWithConnection: 3}
  expect(judgeRun(makeResult({operations: lost, connections}), new Set(['lost']))).toBe('pass')
  expect(judgeRun(makeResult({operations: {...lost, timedOut: 1}, connections}), new Set(['lost']))).toBe('fail')
})

describe('a run whose nodes were checked', () => {
  const findings = Object.fromEntries(findingKinds.map(kind => [kind, 0])) as ConsistencyCheck['findings']
  const consistency: ConsistencyCheck = {
    nodes: ['m1', 's1'],
    keys: 10,
    intact: 10,
    expired: 0,
    evicted: 0,
    undecided: 0,
    findings,
    lostWrites: 0,
    lostAcks: null,
    worstStaleVersions: 0,
    removals: [],
    exptimesCompared: null,
    examples: [],
    seconds: 1,
    crossed: true,
  }
  const judge = (changes: Partial<ConsistencyCheck>, accepted = new Set<RunFault>()) =>
    judgeRun(makeResult({operations, connections, consistency: {...consistency, ...changes}}), accepted)

  test.each<[string, Partial<ConsistencyCheck>]>([
    ['pass', {}],
    ['pass', {evicted: 3, expired: 4}],
    ['fail', {findings: {...findings, staleOnB: 1}}],
    ['unknown', {undecided: 3}],
    ['fail', {findings: {...findings, lost: 1}, undecided: 3}],
  ])('%s: %j', (verdict, changes) => {
    expect(judge(changes)).toBe(verdict)
  })

  test('is judged by a budget alone, where it has one', () => {
    expect(judge({findings: {...findings, staleOnB: 1}}, new Set(['pair']))).toBe('pass')
    const result = makeResult({consistency: {...consistency, findings: {...findings, staleOnB: 4}}})
    const verdictOf = (expr: string) => checkAssertion(parseAssertion(expr, runMeasures), result).verdict
    expect(['pair.stale<=4', 'pair.diverged<4', 'pair.lost==0'].map(verdictOf)).toEqual(['pass', 'fail', 'pass'])
  })

  test('is unknown when they could not be', () => {
    expect(judgeRun(makeResult({operations, connections, checkProblem: 'Expected values, got silence'}))).toBe(
      'unknown',
    )
  })
})
