import {expect, it} from 'vitest'
import {parseAssertion} from '../../../src/engine/assertions/assertion.js'
import {checkAssertion} from '../../../src/engine/assertions/check-assertion.js'
import {runMeasures} from '../../../src/engine/assertions/run-measures.js'
import {LagHistogram} from '../../../src/engine/lag/lag-histogram.js'
import type {RunResult} from '../../../src/engine/result/run-result.js'
import {makeResult} from '../helpers/results.js'

interface Way {
  readonly seen: number
  readonly lagMs?: number
  readonly unseenMs?: readonly number[]
}

function direction({seen, lagMs = 1, unseenMs = []}: Way) {
  const histogram = new LagHistogram()
  for (let index = 0; index < seen; index++) histogram.add(lagMs * 1000)
  const figures = histogram.figures(unseenMs.map(ms => ms * 1000))
  return {...figures, atLeast: [...figures.atLeast], notStored: 0}
}

function outcome(expr: string, toSlave: Way, toMaster: Way = {seen: 200}) {
  const lagUs: RunResult['lagUs'] = {aToB: direction(toSlave), bToA: direction(toMaster), probe: null}
  return checkAssertion(parseAssertion(expr, runMeasures), makeResult({lagUs}))
}

it.each([
  ['lag.p99<1s', {seen: 200}, 'pass'],
  ['lag.p99<1ms', {seen: 200, lagMs: 2}, 'fail'],
  // A link that was cut for five seconds.
  ['lag.max<1s', {seen: 100, unseenMs: [5000]}, 'fail'],
  ['lag.max<10s', {seen: 100, unseenMs: [5000]}, 'unknown'],
  ['lag.max>1s', {seen: 100, unseenMs: [5000]}, 'pass'],
  ['lag.p50<1s', {seen: 100, unseenMs: [5000]}, 'pass'],
  ['lag.p99<1s', {seen: 100, unseenMs: [5000, 4000, 3000]}, 'fail'],
  ['lag.p99<1s', {seen: 99}, 'unknown'],
  ['lag.p99<1s', {seen: 99, lagMs: 2000}, 'fail'],
  ['lag.p99<1s', {seen: 0}, 'unknown'],
  ['lag.max<1s', {seen: 0}, 'unknown'],
  ['lag.unseen==0', {seen: 0}, 'unknown'],
  ['lag.unseen==0', {seen: 10}, 'pass'],
  ['lag.unseen<2', {seen: 10, unseenMs: [1, 2]}, 'fail'],
] as const)('%s with %j: %s', (expr, toSlave, verdict) => {
  expect(outcome(expr, toSlave).verdict).toBe(verdict)
})

it('is that of the direction that lags further, and unknown where one of them is', () => {
  expect(outcome('lag.p99<1s', {seen: 200}, {seen: 200, lagMs: 3000}).verdict).toBe('fail')
  expect(outcome('lag.p99<1s', {seen: 200}, {seen: 50})).toMatchObject({
    verdict: 'unknown',
    reason: 'p99 needs 100 probes, got 50',
  })
  expect(outcome('lag.unseen==0', {seen: 0}, {seen: 0}).verdict).toBe('unknown')
})

it('says of how many it knows the least only', () => {
  expect(outcome('lag.max<1s', {seen: 100, unseenMs: [5000]})).toMatchObject({
    actual: 5_000_000,
    isAtLeast: true,
    reason: '1 of 101 probes never seen',
  })
})

it('is unknown where the lag was not measured', () => {
  const {verdict} = checkAssertion(parseAssertion('lag.max<1s', runMeasures), makeResult({lagUs: null}))
  expect(verdict).toBe('unknown')
})
