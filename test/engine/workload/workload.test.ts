import {describe, expect, test} from 'vitest'
import {Workload} from '../../../src/engine/workload/workload.js'
import {makePlan} from '../helpers/plans.js'

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

test('keys that are hashed over two servers are written and read by connections of one of them only', () => {
  const mix = [
    {method: 'get', weight: 1},
    {method: 'set', weight: 1},
  ] as const
  const plan = makePlan({
    mix: [...mix],
    connections: 5,
    keyCount: 12,
    keyDistribution: {kind: 'uniform'},
    verify: true,
    keyServers: 2,
  })
  const keysOf = (index: number): number[] => calls(plan, index, 300).map(({key}) => key)
  const [first, second] = [0, 1].map(server => new Set([0, 1, 2, 3, 4].filter(i => i % 2 === server).flatMap(keysOf)))
  expect([...first!].filter(key => second!.has(key))).toEqual([])
  expect(first!.size + second!.size).toBe(12)
})
