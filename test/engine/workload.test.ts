import {describe, expect, test} from 'vitest'
import {plannedSeconds} from '../../src/engine/plan.js'
import {scheduleOf} from '../../src/engine/schedule.js'
import {Workload} from '../../src/engine/workload.js'
import {makePlan} from './plans.js'

function calls(plan = makePlan(), index = 0, count = 10) {
  const workload = new Workload(plan, index)
  return Array.from({length: count}, () => {
    workload.next()
    return {method: workload.method, key: workload.key, size: workload.size}
  })
}

describe('workload', () => {
  test('counts keys from 1 over all connections, each once', () => {
    const plan = makePlan({connections: 3})
    const keys = [0, 1, 2].flatMap(index => calls(plan, index).map(({key}) => key))
    expect(keys.toSorted((a, b) => a - b)).toEqual(Array.from({length: 30}, (_, i) => i + 1))
  })

  test('comes round to the first key', () => {
    expect(calls(makePlan({connections: 1, keyCount: 4}), 0, 6).map(({key}) => key)).toEqual([1, 2, 3, 4, 1, 2])
  })

  test('is the same for the same seed and another for another', () => {
    const plan = makePlan({
      mix: [
        {method: 'get', weight: 9},
        {method: 'set', weight: 1},
      ],
      sizes: {kind: 'uniform', minBytes: 1, maxBytes: 1000},
    })
    expect(calls(plan, 1, 100)).toEqual(calls({...plan, threads: 2}, 1, 100))
    expect(calls(plan, 1, 100)).not.toEqual(calls({...plan, seed: 2}, 1, 100))
    expect(calls(plan, 1, 100).map(({size}) => size)).not.toEqual(calls(plan, 0, 100).map(({size}) => size))
  })

  test('mixes methods by their weight', () => {
    const plan = makePlan({
      mix: [
        {method: 'get', weight: 9},
        {method: 'set', weight: 1},
      ],
    })
    const sets = calls(plan, 0, 20_000).filter(({method}) => method === 1).length
    expect(sets).toBeGreaterThan(1800)
    expect(sets).toBeLessThan(2200)
  })
})

describe('schedule', () => {
  test('lets connections take turns when all are open before the start', () => {
    const plan = makePlan({connections: 4, ratePerSecond: 1000, durationSeconds: 1})
    const dues = [0, 1, 2, 3].flatMap(index => {
      const {firstCallMs, intervalMs, calls} = scheduleOf(plan, index)
      return Array.from({length: calls}, (_, call) => firstCallMs + call * intervalMs)
    })
    expect(dues.toSorted((a, b) => a - b)).toEqual(Array.from({length: 1000}, (_, i) => i))
  })

  test.each([
    [3, 2000, 10],
    [1, 999, 7],
    [0.5, 10, 3],
    [2.5, 12_345, 100],
    [1, 3, 50],
  ])('plans %d s × %d op/s over %d connections to the last call', (durationSeconds, ratePerSecond, connections) => {
    const plan = makePlan({durationSeconds, ratePerSecond, connections})
    const sum = Array.from({length: connections}, (_, i) => scheduleOf(plan, i).calls).reduce((a, b) => a + b, 0)
    expect(sum).toBe(Math.ceil(durationSeconds * ratePerSecond))
  })

  test('opens connections at their rate, each with a schedule of its own', () => {
    const plan = makePlan({
      connections: 100,
      connectionsPerSecond: 1000,
      ratePerSecond: 100_000,
      callsPerConnection: 10_000,
    })
    expect(scheduleOf(plan, 0)).toEqual({openAtMs: 0, firstCallMs: 0, intervalMs: 1, calls: 10_000})
    expect(scheduleOf(plan, 99)).toEqual({openAtMs: 99, firstCallMs: 0, intervalMs: 1, calls: 10_000})
    expect(plannedSeconds(plan)).toBeCloseTo(10.099, 6)
  })

  test('knows no end of a closed loop of fixed duration', () => {
    expect(scheduleOf(makePlan({durationSeconds: 1}), 0).calls).toBe(Number.POSITIVE_INFINITY)
    expect(plannedSeconds(makePlan())).toBeNull()
  })
})
