import {describe, expect, test} from 'vitest'
import {checkCounts} from '../../../src/engine/measure/accounts.js'
import type {RunSnapshot} from '../../../src/engine/result/run-snapshot.js'
import {runLoad} from '../../../src/engine/run/run.js'
import {RunControl} from '../../../src/engine/run/run-control.js'
import {type CallSchedule, scheduleOf} from '../../../src/engine/workload/call-schedule.js'
import {Pace} from '../../../src/engine/workload/pace.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {inProcess} from '../helpers/in-process.js'
import {makePlan} from '../helpers/plans.js'
import {runLoop, runLoopInVirtualTime} from '../helpers/run-loop.js'

const phase = (fromPerSecond: number, toPerSecond: number, seconds: number) => ({fromPerSecond, toPerSecond, seconds})

describe('a pace', () => {
  test('counts what it times: constant, ramped and changed', () => {
    for (const ratePhases of [null, [phase(100, 300, 2), phase(0, 0, 1), phase(50, 50, 2)]]) {
      const pace = new Pace({ratePerSecond: 200, ratePhases})
      pace.change(1000, 1500)
      pace.change(10, 1800)
      for (let count = 0; count < pace.operationsBy(5000); count += 7) {
        expect(pace.operationsBy(pace.dueMs(count))).toBeCloseTo(count, 6)
      }
      expect(pace.rateAt(1600)).toBe(1000)
      expect(pace.rateAt(5000)).toBe(10)
    }
  })

  test('of a ramp knows its rate at any time, and none behind its end', () => {
    const pace = new Pace({ratePerSecond: 200, ratePhases: [phase(100, 300, 2)]})
    expect([0, 1000, 1999.999, 2000].map(ms => Math.round(pace.rateAt(ms)))).toEqual([100, 200, 300, 0])
    expect(pace.operationsBy(2000)).toBe(400)
  })
})

/** Takes calls up to a time, changes the rate of all, and takes the rest. */
function duesWithChange(plan: ReturnType<typeof makePlan>, atMs: number, ratePerSecond: number) {
  const schedules = Array.from({length: plan.connections}, (_, index) => scheduleOf(plan, index))
  const take = (until: number) => (schedule: CallSchedule) => {
    const dues: number[] = []
    for (; schedule.nextMs < until; schedule.advance()) dues.push(schedule.nextMs)
    return dues
  }
  // A little behind: what is late when the rate changes stays due when it was.
  const before = schedules.flatMap(take(atMs - 10))
  for (const schedule of schedules) schedule.changeRate(ratePerSecond, atMs)
  const after = schedules.flatMap(take(Number.POSITIVE_INFINITY))
  const calls = schedules.reduce((sum, schedule) => sum + schedule.calls, 0)
  return {dues: [...before, ...after].sort((a, b) => a - b), calls}
}

describe('a schedule whose rate changes', () => {
  test.each([
    [4000, 1000, 4000],
    [250, 1000, 250],
    [1, 1000, 1],
  ])('goes on at %d/s from that moment, all connections in turn', (ratePerSecond, first, second) => {
    const plan = makePlan({connections: 7, ratePerSecond: 1000, durationSeconds: 2})
    const {dues, calls} = duesWithChange(plan, 1000, ratePerSecond)
    expect(dues.filter(due => due < 1000)).toHaveLength(first)
    expect(dues.filter(due => due >= 1000)).toHaveLength(second)
    expect(calls).toBe(dues.length)
    const gaps = dues.filter(due => due >= 1000).map((due, index, all) => due - (all[index - 1] ?? due))
    for (const gap of gaps.slice(1)) expect(gap).toBeCloseTo(1000 / ratePerSecond, 6)
  })

  test('keeps its number of calls where that is planned', () => {
    const plan = makePlan({connections: 4, ratePerSecond: 1000, callsPerConnection: 500})
    const {dues} = duesWithChange(plan, 1000, 4000)
    expect(dues).toHaveLength(2000)
    expect(dues.at(-1)).toBeCloseTo(1250, 0)
  })

  test.each(['uniform', 'exponential'] as const)('draws %s gaps around the new mean', arrival => {
    const plan = makePlan({connections: 5, ratePerSecond: 2000, durationSeconds: 4, arrival})
    const {dues} = duesWithChange(plan, 2000, 8000)
    expect(dues.filter(due => due < 2000).length).toBeGreaterThan(3700)
    expect(dues.filter(due => due < 2000).length).toBeLessThan(4300)
    expect(dues.filter(due => due >= 2000).length).toBeGreaterThan(15_400)
    expect(dues.filter(due => due >= 2000).length).toBeLessThan(16_600)
  })

  test('that was given up is left alone', () => {
    const schedule = scheduleOf(makePlan({ratePerSecond: 100, durationSeconds: 1}), 0)
    const {calls} = schedule
    expect(schedule.abandon()).toBe(calls)
    schedule.changeRate(1000, 0)
    expect(schedule.exhausted).toBe(true)
    expect(schedule.calls).toBe(calls)
  })
})

describe('a load whose rate changes', () => {
  test.each([
    ['up', 200, 2000],
    ['down', 2000, 200],
    ['to next to nothing, and back', 2000, 1],
  ])('%s keeps its books', async (_, from, to) => {
    const server = await startFakeMemcached()
    const delta = await runLoopInVirtualTime({
      targets: [server.address],
      changes: {connections: 8, ratePerSecond: from, durationSeconds: 0.6},
      adjustable: true,
      onStarted: (loop, startMs) => {
        loop.changeRate(to, startMs + 200)
        if (to === 1) loop.changeRate(from, startMs + 400)
      },
    })
    const expected = to === 1 ? from * 0.4 : from * 0.2 + to * 0.4
    // Each connection counts to its own whole call.
    expect(Math.abs(delta.intended - expected)).toBeLessThanOrEqual(8)
    expect(delta.tally).toMatchObject({sent: delta.intended, ok: delta.intended})
  })

  test('refuses where nothing waits for it', async () => {
    const server = await startFakeMemcached()
    const delta = await runLoop({
      targets: [server.address],
      changes: {callsPerConnection: 5},
      adjustable: true,
      onStarted: loop => loop.changeRate(10, performance.now()),
    })
    expect(delta.intended).toBe(10)
  })

  test('tells of it in its snapshots and events, and intends what was due', async () => {
    const server = await startFakeMemcached()
    const snapshots: RunSnapshot[] = []
    const control = new RunControl()
    expect(control.changeRate(10)).toBe(false)
    const result = await runLoad({
      plan: makePlan({connections: 4, threads: 2, ratePerSecond: 200, durationSeconds: 2}),
      targets: [server.address],
      signal: new AbortController().signal,
      startThread: inProcess,
      control,
      onSnapshot: snapshot => {
        snapshots.push(snapshot)
        if (snapshot.phase === 'running' && snapshots.every(({events}) => events.length === 0)) {
          expect(control.changeRate(1200)).toBe(true)
        }
      },
    })
    expect(control.changeRate(10)).toBe(false)
    const [event, ...more] = result.events
    expect(more).toEqual([])
    expect(event).toMatchObject({kind: 'rate', text: 'rate 200 → 1,200 op/s'})
    expect(snapshots.flatMap(({events}) => events)).toEqual([event])
    expect(snapshots.at(-1)?.ratePerSecond).toBe(1200)
    checkCounts(result.operations)
    const expected = 200 * event!.t + 1200 * (2 - event!.t)
    expect(Math.abs(result.operations.intended - expected)).toBeLessThanOrEqual(4)
    expect(result.plannedSeconds).toBe(2)
  })

  test('is refused in a closed loop', async () => {
    const server = await startFakeMemcached()
    const control = new RunControl()
    const answers: boolean[] = []
    const stopping = new AbortController()
    await runLoad({
      plan: makePlan({durationSeconds: 600}),
      targets: [server.address],
      signal: stopping.signal,
      startThread: inProcess,
      control,
      onSnapshot: ({phase, ratePerSecond}) => {
        if (phase !== 'running') return
        answers.push(control.changeRate(10) || ratePerSecond !== null)
        if (answers.length === 2) stopping.abort()
      },
    })
    expect(answers.length).toBeGreaterThanOrEqual(2)
    expect(answers).not.toContain(true)
  })
})
