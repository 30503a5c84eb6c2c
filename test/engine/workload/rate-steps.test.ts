import {describe, expect, test} from 'vitest'
import {LoadLoop} from '../../../src/engine/loop/load-loop.js'
import {addDeltas, LatencyRecorder, noLatencies} from '../../../src/engine/measure/latency.js'
import {LatencyMerge} from '../../../src/engine/measure/latency-summary.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import type {RunStep} from '../../../src/engine/result/run-result.js'
import {StepMerge} from '../../../src/engine/result/step-merge.js'
import {RateSteps} from '../../../src/engine/workload/rate-steps.js'
import {TimedServer} from '../../helpers/timed-server.js'
import {settle, VirtualTime} from '../../helpers/virtual-time.js'
import {makePlan} from '../helpers/plans.js'
import {wholeLoad} from '../helpers/run-loop.js'

const STEP_MS = 0.25

/** Steps of 1 s each. */
const steps = (...rates: number[]) => rates.map(rate => ({fromPerSecond: rate, toPerSecond: rate, seconds: 1}))

interface Script {
  readonly changes: Partial<LoadPlan>
  /** How long the server takes, by when a request came, in ms from the start of the load. */
  readonly delayMs: (atMs: number) => number
  /** When the rate is changed by hand, and to what. */
  readonly change?: {readonly atMs: number; readonly ratePerSecond: number}
  readonly dieAtMs?: number
}

interface Outcome {
  readonly steps: readonly RunStep[]
  readonly delta: LoadDelta
  /** Each request by the server's own list: when it came, how long it took; ms from the start of the load. */
  readonly served: readonly {readonly atMs: number; readonly tookMs: number}[]
}

/** A load and a server on a clock that only this function moves: what the server does is known to the microsecond. */
async function observe({changes, delayMs, change, dieAtMs = Number.POSITIVE_INFINITY}: Script): Promise<Outcome> {
  const time = new VirtualTime()
  let startMs = 0
  const server = await TimedServer.start({clock: time.clock, delayMs: ({arrivedMs}) => delayMs(arrivedMs - startMs)})
  const plan = makePlan(changes)
  const merge = new StepMerge(plan)
  let state: 'connecting' | 'running' | 'finished' = 'connecting'
  const loop = new LoadLoop({
    ...wholeLoad(plan),
    targets: [server.address],
    adjustable: change !== undefined,
    clock: time.clock,
    onReady: () => {
      state = 'running'
      startMs = time.nowMs + 1
      queueMicrotask(() => loop.start(startMs))
    },
    onFinished: () => {
      state = 'finished'
    },
  })
  const take = (): LoadDelta => {
    const delta = loop.takeDelta()
    merge.add(delta.steps)
    return delta
  }
  const isQuiet = (): boolean => {
    const {bytesIn, bytesOut} = take()
    // What was under way to a dead server never arrives.
    return time.nowMs - startMs >= dieAtMs || (bytesIn === server.bytesOut && bytesOut === server.bytesIn)
  }
  loop.connect()
  while ((state as string) === 'connecting') await settle(isQuiet)
  let changed = false
  while ((state as string) !== 'finished') {
    time.advance(STEP_MS)
    if (change !== undefined && !changed && time.nowMs - startMs >= change.atMs - 10) {
      changed = true
      loop.changeRate(change.ratePerSecond, startMs + change.atMs)
      merge.changeRate(change.ratePerSecond, change.atMs)
    }
    if (time.nowMs - startMs >= dieAtMs) server.die()
    server.replyToDue()
    await settle(isQuiet)
  }
  const delta = take()
  const served = server.served.map(({arrivedMs, repliedMs}) => ({
    atMs: arrivedMs - startMs,
    tookMs: repliedMs - arrivedMs,
  }))
  return {steps: merge.steps(Number.POSITIVE_INFINITY), delta, served}
}

const base = {connections: 2, callsPerConnection: null, timeoutMs: 10_000}

describe('the steps of a load, against what the server did by its own list', () => {
  test('each has its own rate and its own latencies', async () => {
    const delays = [3, 8, 20]
    const outcome = await observe({
      changes: {...base, ratePhases: steps(200, 400, 800), ratePerSecond: 1400 / 3, durationSeconds: 3},
      delayMs: atMs => delays[Math.min(2, Math.floor(atMs / 1000))]!,
    })
    expect(outcome.steps.map(({t, seconds}) => [t, seconds])).toEqual([
      [0, 1],
      [1, 1],
      [2, 1],
    ])
    expect(outcome.steps.map(({operations}) => operations)).toEqual(
      [200, 400, 800].map(calls => ({planned: calls, sent: calls, ok: calls, miss: 0, errors: 0, withoutReply: 0})),
    )
    for (const [index, {latencyUs, opsPerSecond}] of outcome.steps.entries()) {
      const truth = outcome.served.filter(({atMs}) => Math.floor(atMs / 1000) === index)
      expect(latencyUs.service.count).toBe(truth.length)
      // The server answers when the clock moves: by the step of the clock later at most.
      for (const us of [latencyUs.service.p50, latencyUs.service.p99, latencyUs.response.p50]) {
        expect(us).toBeGreaterThanOrEqual(delays[index]! * 1000)
        expect(us).toBeLessThanOrEqual((delays[index]! + 2 * STEP_MS) * 1000 * 1.001)
      }
      const meanwhile = outcome.served.filter(({atMs, tookMs}) => Math.floor((atMs + tookMs) / 1000) === index).length
      expect(Math.abs(opsPerSecond - meanwhile)).toBeLessThanOrEqual(1)
    }
  })

  test('a call that is answered in a later step belongs to that in which it was due', async () => {
    const {
      steps: [first, second, third],
      delta,
    } = await observe({
      changes: {...base, ratePhases: steps(200, 200, 200), ratePerSecond: 200, durationSeconds: 3},
      // All that comes in the first step is answered half a second into the second.
      delayMs: atMs => (atMs < 1000 ? 1500 - atMs : 1),
    })
    expect(first).toMatchObject({opsPerSecond: 0, operations: {sent: 200, ok: 200}})
    expect(first!.latencyUs.response.max).toBeGreaterThanOrEqual(1_500_000 * 0.999)
    // Calls of the second step wait behind them on their connections.
    expect(second!.opsPerSecond).toBeGreaterThanOrEqual(398)
    expect(third!.latencyUs.response.max).toBeLessThanOrEqual(2000)
    expect([first, second, third].reduce((sum, step) => sum + step!.latencyUs.response.count, 0)).toBe(delta.tally.ok)
  })

  test('a rate that is changed by hand begins a step', async () => {
    const outcome = await observe({
      changes: {...base, ratePerSecond: 200, durationSeconds: 2},
      delayMs: atMs => (atMs < 800 ? 2 : 6),
      change: {atMs: 800, ratePerSecond: 500},
    })
    expect(
      outcome.steps.map(({t, plannedPerSecond, operations}) => [t, plannedPerSecond.mean, operations.sent]),
    ).toEqual([
      [0, 200, 160],
      [0.8, 500, 600],
    ])
    const [before, after] = outcome.steps.map(({latencyUs}) => latencyUs.response.p50! / 1000)
    expect(before).toBeLessThan(3)
    expect(after).toBeGreaterThan(5.9)
  })

  test('a load that nobody changed has no steps', async () => {
    const {steps: none} = await observe({
      changes: {...base, ratePerSecond: 200, durationSeconds: 0.5},
      delayMs: () => 1,
      change: {atMs: 10_000, ratePerSecond: 1},
    })
    expect(none).toEqual([])
  })

  test('steps that a dead server left over have no calls', async () => {
    const {steps: all} = await observe({
      changes: {...base, ratePhases: steps(200, 200, 200), ratePerSecond: 200, durationSeconds: 3},
      delayMs: () => 2,
      dieAtMs: 1500,
    })
    expect(all.map(({operations: {planned, sent}}) => [planned, sent > 0])).toEqual([
      [200, true],
      [200, true],
      [200, false],
    ])
    expect(all[2]).toMatchObject({opsPerSecond: 0, latencyUs: {response: {count: 0, p50: null}}})
    expect(all[1]!.opsPerSecond).toBeLessThan(110)
  })
})

describe('a ramp', () => {
  const ramp = {
    ratePhases: [{fromPerSecond: 100, toPerSecond: 300, seconds: 60}],
    ratePerSecond: 200,
    durationSeconds: 60,
  }

  test('is looked at in ten parts, a short one in seconds', () => {
    const parts = new RateSteps(ramp).all()
    expect(parts).toHaveLength(10)
    expect(parts[0]).toEqual({fromMs: 0, toMs: 6000, fromPerSecond: 100, toPerSecond: 120})
    expect(parts.at(-1)!.toMs).toBeCloseTo(60_000)
    const short = {...ramp, ratePhases: [{fromPerSecond: 0, toPerSecond: 10, seconds: 2.5}]}
    expect(new RateSteps(short).all().map(({toMs}) => toMs)).toEqual([1250, 2500])
  })

  test('ends where the rate is changed by hand', () => {
    const parts = new RateSteps(ramp)
    parts.change(500, 9000)
    parts.change(600, 9000)
    expect(parts.all().slice(1)).toEqual([
      {fromMs: 6000, toMs: 9000, fromPerSecond: 120, toPerSecond: 130},
      {fromMs: 9000, toMs: 60_000, fromPerSecond: 600, toPerSecond: 600},
    ])
    expect([0, 5999, 6000, 8999.9999, 9000, 1e9, -5, 6000].map(ms => parts.indexAt(ms))).toEqual([
      0, 0, 1, 2, 2, 2, 0, 1,
    ])
  })
})

test('latencies that are added are those of one recorder', () => {
  const draws = Array.from({length: 500}, (_, i) => ((i * 7919) % 4001) / 10)
  const recorders = [new LatencyRecorder(), new LatencyRecorder(), new LatencyRecorder()]
  const whole = new LatencyRecorder()
  for (const [i, ms] of draws.entries()) for (const recorder of [recorders[i % 3]!, whole]) recorder.recordMs(ms)
  expect(recorders.map(recorder => recorder.take()).reduce(addDeltas, noLatencies)).toEqual(whole.take())
  const merge = new LatencyMerge()
  merge.add(noLatencies)
  expect(merge.summary().count).toBe(0)
})
