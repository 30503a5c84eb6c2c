import {expect, test} from 'vitest'
import {judgeRun} from '../../src/engine/judge-run.js'
import {makePlan} from './plans.js'
import {makeResult} from './results.js'

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
