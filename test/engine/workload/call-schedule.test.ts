import {describe, expect, test} from 'vitest'
import {plannedSeconds} from '../../../src/engine/plan/plan.js'
import {type CallSchedule, scheduleOf, scheduleOfShare} from '../../../src/engine/workload/call-schedule.js'
import {makePlan} from '../helpers/plans.js'

/** When all calls are due. */
function duesOf(schedule: CallSchedule): number[] {
  const dues: number[] = []
  for (; !schedule.exhausted; schedule.advance()) dues.push(schedule.nextMs)
  return dues
}

function allDues(plan: ReturnType<typeof makePlan>): number[] {
  return Array.from({length: plan.connections}, (_, i) => duesOf(scheduleOf(plan, i)))
    .flat()
    .sort((a, b) => a - b)
}

describe('a deterministic rate', () => {
  test('is spread over the connections, which take turns', () => {
    const dues = allDues(makePlan({connections: 7, ratePerSecond: 1000, durationSeconds: 0.5}))
    expect(dues).toHaveLength(500)
    for (const [i, due] of dues.entries()) expect(due).toBeCloseTo(i, 9)
  })

  test.each([
    [3, 2000, 10],
    [1, 999, 7],
    [0.5, 10, 3],
    [2.5, 12_345, 100],
    [1, 3, 50],
  ])('of %d s × %d op/s over %d connections goes to the last call', (durationSeconds, ratePerSecond, connections) => {
    const plan = makePlan({durationSeconds, ratePerSecond, connections})
    const sum = Array.from({length: connections}, (_, i) => scheduleOf(plan, i).calls).reduce((a, b) => a + b, 0)
    expect(sum).toBe(Math.ceil(durationSeconds * ratePerSecond))
    expect(allDues(plan)).toHaveLength(sum)
  })

  test('with connections opened at a rate begins anew on each', () => {
    const plan = makePlan({connections: 100, connectionsPerSecond: 1000, ratePerSecond: 100_000, callsPerConnection: 5})
    expect(scheduleOf(plan, 99).openAtMs).toBe(99)
    expect(duesOf(scheduleOf(plan, 99))).toEqual([0, 1, 2, 3, 4])
    expect(plannedSeconds({...plan, callsPerConnection: 10_000})).toBeCloseTo(10.099, 6)
  })
})

describe('a rate in phases', () => {
  const phase = (fromPerSecond: number, toPerSecond: number, seconds: number) => ({fromPerSecond, toPerSecond, seconds})

  test('ramps: the n-th call is due when n calls are', () => {
    const ratePhases = [phase(100, 300, 10)]
    const dues = allDues(makePlan({connections: 3, ratePerSecond: 200, durationSeconds: 10, ratePhases}))
    expect(dues).toHaveLength(2000)
    for (const [n, due] of dues.entries()) {
      const t = due / 1000
      expect(100 * t + (200 / 20) * t * t).toBeCloseTo(n, 6)
    }
  })

  test('steps, pauses and falls', () => {
    const ratePhases = [phase(100, 100, 1), phase(0, 0, 2), phase(200, 0, 1), phase(50, 50, 1)]
    const dues = allDues(makePlan({connections: 2, ratePerSecond: 50, durationSeconds: 5, ratePhases}))
    const within = (from: number, to: number) => dues.filter(due => due >= from * 1000 && due < to * 1000).length
    expect([within(0, 1), within(1, 3), within(3, 3.5), within(3, 4), within(4, 5)]).toEqual([100, 0, 75, 100, 50])
    expect(dues).toHaveLength(250)
  })

  test('a ramp from 0 begins at 0', () => {
    const ratePhases = [phase(0, 100, 2)]
    const dues = allDues(makePlan({connections: 1, ratePerSecond: 50, durationSeconds: 2, ratePhases}))
    expect(dues[0]).toBe(0)
    expect(dues).toHaveLength(100)
    expect(dues.at(-1)).toBeLessThan(2000)
  })
})

describe.each(['uniform', 'exponential'] as const)('%s arrivals', arrival => {
  test('keep the rate, and end in time', () => {
    const plan = makePlan({connections: 10, ratePerSecond: 5000, durationSeconds: 4, arrival})
    const dues = allDues(plan)
    expect(dues.length).toBeGreaterThan(19_400)
    expect(dues.length).toBeLessThan(20_600)
    expect(dues.at(-1)).toBeLessThan(4000)
    expect(allDues(plan)).toEqual(dues)
  })

  test('say how many calls an early end leaves out', () => {
    const plan = makePlan({connections: 1, ratePerSecond: 1000, durationSeconds: 1, arrival})
    const all = duesOf(scheduleOf(plan, 0)).length
    const schedule = scheduleOf(plan, 0)
    for (let i = 0; i < 100; i++) schedule.advance()
    expect(schedule.abandon()).toBe(all - 100)
    expect(schedule.exhausted).toBe(true)
  })

  test('of a number of calls', () => {
    const plan = makePlan({connections: 1, ratePerSecond: 1000, callsPerConnection: 50, arrival})
    const schedule = scheduleOf(plan, 0)
    expect(duesOf(schedule)).toHaveLength(50)
    expect(schedule.abandon()).toBe(0)
  })
})

test('a closed loop of fixed duration has no end of its own, and leaves nothing out', () => {
  const schedule = scheduleOf(makePlan({durationSeconds: 1}), 0)
  expect(schedule.calls).toBe(Number.POSITIVE_INFINITY)
  schedule.advance()
  expect(schedule.abandon()).toBe(0)
  expect(schedule.exhausted).toBe(true)
  expect(plannedSeconds(makePlan())).toBeNull()
})

test('a share of calls', () => {
  expect(duesOf(scheduleOfShare(3))).toEqual([0, 0, 0])
  expect(scheduleOfShare(0).exhausted).toBe(true)
})
