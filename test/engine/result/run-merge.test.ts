import {describe, expect, test} from 'vitest'
import {emptyTally} from '../../../src/engine/measure/accounts.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import type {ThreadReport} from '../../../src/engine/measure/thread-health.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {RunMerge} from '../../../src/engine/result/run-merge.js'
import {makeDelta} from '../helpers/deltas.js'
import {makePlan} from '../helpers/plans.js'

const openLoop = {ratePerSecond: 1000, durationSeconds: 10, threads: 2}

function merge(changes: Partial<LoadPlan> = {}): RunMerge {
  return new RunMerge({plan: makePlan({threads: 2, ...changes}), target: {host: '127.0.0.1', port: 11211}})
}

function report(changes: Partial<LoadDelta>, thread: Partial<ThreadReport> = {}): ThreadReport {
  return {delta: makeDelta(changes), cpuSeconds: 0, eventLoopDelayUs: {p99: null, max: null}, ...thread}
}

describe('connections that failed since the thread’s last report', () => {
  test('are all of its first one', () => {
    expect(merge().add(0, report({connectionErrors: {refused: 2, reset: 1}}))).toEqual({refused: 2, reset: 1})
  })

  test('are those that were not in the one before; a kind without new ones is left out', () => {
    const run = merge()
    run.add(0, report({connectionErrors: {refused: 2, reset: 1}}))
    expect(run.add(0, report({connectionErrors: {refused: 5, reset: 1, 'call time-out': 1}}))).toEqual({
      refused: 3,
      'call time-out': 1,
    })
    expect(run.add(0, report({connectionErrors: {refused: 5, reset: 1, 'call time-out': 1}}))).toEqual({})
  })

  test('are not taken from what another thread reported', () => {
    const run = merge()
    run.add(0, report({connectionErrors: {refused: 2}}))
    expect(run.add(1, report({connectionErrors: {refused: 3}}))).toEqual({refused: 3})
  })

  test('add up by kind, over the latest report of each thread', () => {
    const run = merge()
    run.add(0, report({connectionErrors: {refused: 2}}))
    run.add(0, report({connectionErrors: {refused: 5}}))
    run.add(1, report({connectionErrors: {refused: 3, reset: 1}}))
    expect(run.connectionErrors()).toEqual({refused: 8, reset: 1})
  })
})

describe('a snapshot', () => {
  const tally = (ok: number, more = {}) => ({...emptyTally(), sent: ok, ok, ...more})

  test('counts what happened since the one before', () => {
    const run = merge()
    run.add(0, report({elapsedMs: 1000, tally: tally(100), keysRead: 10, keysFound: 8}, {cpuSeconds: 0.5}))
    run.add(1, report({elapsedMs: 900, tally: tally(50, {errors: {x: 2}, timedOut: 1})}, {cpuSeconds: 0.25}))
    expect(run.snapshot('running')).toMatchObject({
      elapsedSeconds: 1,
      interval: {seconds: 1, opsPerSecond: 150, errors: 3, keysRead: 10, keysFound: 8},
      generatorCores: 0.75,
    })
    run.add(0, report({elapsedMs: 1500, tally: tally(300), keysRead: 14, keysFound: 9}, {cpuSeconds: 1}))
    expect(run.snapshot('running')).toMatchObject({
      elapsedSeconds: 1.5,
      interval: {seconds: 0.5, opsPerSecond: 400, errors: 0, keysRead: 4, keysFound: 1},
      generatorCores: 1,
    })
    expect(run.snapshot('running')).toMatchObject({interval: {seconds: 0, opsPerSecond: 0}, generatorCores: null})
  })

  test('tells a generator that fell behind from a socket that took nothing', () => {
    const counts = {elapsedMs: 1000, tally: tally(1000)}
    const late = merge(openLoop)
    late.add(0, report({...counts, lateCalls: 300}))
    expect(late.snapshot('running')).toMatchObject({lateShare: 0.3, health: 'late'})
    const heldUp = merge(openLoop)
    heldUp.add(0, report({...counts, heldUpCalls: 300}))
    expect(heldUp.snapshot('running')).toMatchObject({lateShare: 0, health: 'keeps up'})
  })

  test('says nothing of lateness where no call was answered, and in a closed loop', () => {
    const silent = merge(openLoop)
    silent.add(0, report({elapsedMs: 1000, tally: {...emptyTally(), sent: 1000, timedOut: 1000}, lateCalls: 900}))
    expect(silent.lateShare()).toBeNull()
    const refused = merge(openLoop)
    refused.add(0, report({elapsedMs: 1000, tally: {...emptyTally(), sent: 1000, errors: {x: 1000}}, lateCalls: 900}))
    expect(refused.lateShare()).toBe(0.9)
    const closed = merge()
    closed.add(0, report({elapsedMs: 1000, tally: tally(1000), lateCalls: 900}))
    expect(closed.lateShare()).toBeNull()
  })

  test('calls the generator saturated by its busiest thread: that it had a core, and something to do on it', () => {
    const busy = merge()
    busy.add(0, report({elapsedMs: 1000, tally: tally(10), idleMs: 20}, {cpuSeconds: 0.99}))
    busy.add(1, report({elapsedMs: 1000, tally: tally(10), idleMs: 900}, {cpuSeconds: 0.1}))
    expect(busy.saturated(1)).toBe(true)
    expect(busy.saturated(2)).toBe(false)
    const waiting = merge()
    waiting.add(0, report({elapsedMs: 1000, tally: tally(10), idleMs: 500}, {cpuSeconds: 0.99}))
    expect(waiting.saturated(1)).toBe(false)
    const withoutCore = merge()
    withoutCore.add(0, report({elapsedMs: 1000, tally: tally(10), idleMs: 0}, {cpuSeconds: 0.5}))
    expect(withoutCore.saturated(1)).toBe(false)
    expect(withoutCore.saturated(0)).toBe(false)
  })
})

test('the timeline books a report in the second of its middle, with what is new in it', () => {
  const run = merge({threads: 1})
  const tally = {...emptyTally(), sent: 10, ok: 6, miss: 1, timedOut: 3}
  run.add(0, report({elapsedMs: 900, tally}))
  run.add(0, report({elapsedMs: 1200, tally: {...tally, sent: 15, ok: 10, unanswered: 1}}))
  run.add(0, report({elapsedMs: 1300, tally: {...tally, sent: 16, ok: 11, unanswered: 1}}))
  const entries = run.timeline.entries({durationSeconds: 2, plannedSeconds: null})
  expect(entries.map(({ops, errors}) => [ops, errors])).toEqual([
    [7, 3],
    [5, 1],
  ])
})
