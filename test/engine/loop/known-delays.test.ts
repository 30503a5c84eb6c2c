import {describe, expect, test} from 'vitest'
import {LoadLoop} from '../../../src/engine/loop/load-loop.js'
import {checkCounts} from '../../../src/engine/measure/accounts.js'
import {LatencyMerge} from '../../../src/engine/measure/latency-summary.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {type TimedRequest, TimedServer} from '../../helpers/timed-server.js'
import {settle, VirtualTime} from '../../helpers/virtual-time.js'
import {makePlan} from '../helpers/plans.js'
import {wholeLoad} from '../helpers/run-loop.js'

const STEP_MS = 0.25

interface Experiment {
  readonly changes: Partial<LoadPlan>
  readonly delayMs: (request: {index: number; arrivedMs: number; line: string}) => number
  /** STORED to everything unless told otherwise. */
  readonly answer?: (request: {key: string; line: string}) => string
  /** When the generator has no core, while the server goes on; from the start of the load. */
  readonly standstill?: {readonly fromMs: number; readonly toMs: number}
}

interface Outcome {
  readonly response: LatencyMerge
  readonly service: LatencyMerge
  /** Without what may be the generator's own lateness. */
  readonly net: {readonly response: LatencyMerge; readonly service: LatencyMerge}
  /** What the server did, in the order of its replies. */
  readonly served: readonly TimedRequest[]
  readonly startMs: number
}

/** Runs a load against a server that does what a script says, both on a clock that only this function moves. */
async function observe({changes, delayMs, answer, standstill}: Experiment): Promise<Outcome> {
  const time = new VirtualTime()
  const server = await TimedServer.start({clock: time.clock, delayMs, ...(answer === undefined ? {} : {answer})})
  const plan = makePlan(changes)
  const [response, service] = [new LatencyMerge(), new LatencyMerge()]
  const net = {response: new LatencyMerge(), service: new LatencyMerge()}
  let state: 'connecting' | 'running' | 'finished' = 'connecting'
  let startMs = 0
  let stoodStillMs = 0
  const loop = new LoadLoop({
    ...wholeLoad(plan),
    targets: [server.address],
    clock: time.clock,
    // Whenever it may run it does at once what there is to do, in no time.
    threadTime: {idleMs: () => time.nowMs - stoodStillMs, waitedMs: () => 0, close: () => {}},
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
    for (const recorded of delta.response) response.add(recorded)
    for (const recorded of delta.service) service.add(recorded)
    for (const recorded of delta.netResponse) net.response.add(recorded)
    for (const recorded of delta.netService) net.service.add(recorded)
    return delta
  }
  const isQuiet = (): boolean => {
    const {bytesIn, bytesOut} = take()
    return bytesIn === server.bytesOut && bytesOut === server.bytesIn
  }
  loop.connect()
  while ((state as string) === 'connecting') await settle(isQuiet)
  while ((state as string) !== 'finished') {
    time.advance(STEP_MS)
    server.replyToDue()
    const sinceMs = time.nowMs - startMs
    if (standstill !== undefined && sinceMs >= standstill.fromMs && sinceMs < standstill.toMs) {
      stoodStillMs += STEP_MS
      continue
    }
    await settle(isQuiet)
  }
  const {intended, unsent, tally} = take()
  checkCounts({intended, unsent, ...tally})
  expect(tally.ok * (changes.mix?.[0]?.method === 'cas' ? 2 : 1)).toBe(server.served.length)
  return {response, service, net, served: server.served, startMs}
}

/** Reported figures against those of the server's own list: within 1 % or 100 µs. */
function expectSame(reported: LatencyMerge, trueMs: readonly number[]): void {
  const sorted = trueMs.toSorted((a, b) => a - b)
  const at = (percent: number): number => sorted[Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1)]! * 1000
  const {count, min, mean, p50, p90, p95, p99, p999, p9999, max} = reported.summary()
  expect(count).toBe(trueMs.length)
  const truths: Readonly<Record<string, [number | null, number]>> = {
    min: [min, at(0)],
    mean: [mean, (sorted.reduce((sum, ms) => sum + ms, 0) / sorted.length) * 1000],
    p50: [p50, at(50)],
    p90: [p90, at(90)],
    p95: [p95, at(95)],
    p99: [p99, at(99)],
    p999: [p999, at(99.9)],
    p9999: [p9999, at(99.99)],
    max: [max, at(100)],
  }
  for (const [name, [got, truth]] of Object.entries(truths)) {
    expect(Math.abs(got! - truth), `${name}: ${got} for ${truth} µs`).toBeLessThanOrEqual(Math.max(100, truth / 100))
  }
}

/** When the call for a key was due: sequential keys are numbered in the order of the schedule. */
function responsesOf({served, startMs}: Outcome, ratePerSecond: number): number[] {
  return served.map(({key, repliedMs}) => {
    const call = Number.parseInt(key.slice(-8), 16) - 1
    return repliedMs - startMs - (call * 1000) / ratePerSecond
  })
}

/** A call is sent as the server gets it: no time passes between two ends of a socket. */
function servicesOf({served}: Outcome): number[] {
  return served.map(({arrivedMs, repliedMs}) => repliedMs - arrivedMs)
}

const loops: readonly [string, Partial<LoadPlan>][] = [
  ['closed loop', {connections: 5, callsPerConnection: 200}],
  ['pipelined', {connections: 5, callsPerConnection: 200, pipeline: 4}],
  ['open loop', {connections: 5, durationSeconds: 1, ratePerSecond: 1000}],
]

describe.each(loops)('%s', (name, changes) => {
  test('replies after 2 ms take 2 ms', async () => {
    const outcome = await observe({changes, delayMs: () => 2})
    expect(outcome.served).toHaveLength(1000)
    const {response, service} = outcome
    for (const summary of [response.summary(), service.summary()]) {
      expect([summary.min, summary.p50, summary.p99, summary.max]).toEqual([2000, 2000, 2000, 2000])
    }
  })

  test('one reply in 100 that comes late shows as such', async () => {
    const outcome = await observe({changes, delayMs: ({index}) => (index % 100 === 99 ? 40 : 1)})
    expectSame(outcome.service, servicesOf(outcome))
    expectSame(outcome.response, name === 'open loop' ? responsesOf(outcome, 1000) : servicesOf(outcome))
    expect(outcome.service.percentile(99.5)).toBeGreaterThan(35_000)
    // The calls behind a late one on its connection wait for it too.
    if (name === 'closed loop') expect(outcome.service.percentile(98.5)).toBeLessThan(3000)
  })
})

test.each([1, 10])(
  'a stall of 500 ms shows in response and service time of every call that was sent into it (%d connections)',
  async connections => {
    const [fromMs, toMs] = [300, 800]
    const outcome = await observe({
      changes: {connections, ratePerSecond: 1000, durationSeconds: 1.5},
      // Whatever comes during the stall waits for its end.
      delayMs: ({arrivedMs}) => (arrivedMs >= fromMs && arrivedMs < toMs ? toMs - arrivedMs : 0),
    })
    expect(outcome.served).toHaveLength(1500)
    const responses = responsesOf(outcome, 1000)
    expectSame(outcome.response, responses)
    expectSame(outcome.service, servicesOf(outcome))
    // Of 1500 calls 500 fell into the stall, and waited for 250 ms in the mean.
    expect(responses.filter(ms => ms > 0.5)).toHaveLength(500)
    expect(outcome.response.summary()).toMatchObject({p50: expect.closeTo(0, -2), max: expect.closeTo(500_000, -4)})
    expect(outcome.response.percentile(75)! / 1000).toBeCloseTo(125, -1)
    expect(outcome.service.percentile(75)! / 1000).toBeCloseTo(125, -1)
    expect(outcome.service.summary().max).toBeCloseTo(500_000, -4)
  },
)

test.each([
  ['an open loop', {connections: 5, durationSeconds: 0.25, ratePerSecond: 20_000}],
  ['a closed loop with a pipeline', {connections: 5, callsPerConnection: 1000, pipeline: 100}],
] as const)('5 ms for every call at 20,000 a second on 5 connections is 5 ms of service (%s)', async (_, changes) => {
  const {service, served} = await observe({changes, delayMs: () => 5})
  expect(served).toHaveLength(5000)
  const {min, mean, p50, p99, max} = service.summary()
  expect({min, mean, p50, p99, max}).toEqual({min: 5000, mean: 5000, p50: 5000, p99: 5000, max: 5000})
})

test('a cas is served when the reply to its second half is there', async () => {
  const {service, response} = await observe({
    changes: {connections: 2, callsPerConnection: 50, mix: [{method: 'cas', weight: 1}]},
    delayMs: ({line}) => (line.startsWith('gets') ? 3 : 2),
    answer: ({line, key}) => (line.startsWith('gets') ? `VALUE ${key} 0 1 7\r\nx\r\nEND\r\n` : 'STORED\r\n'),
  })
  for (const {count, min, max} of [service.summary(), response.summary()]) {
    expect({count, min, max}).toEqual({count: 100, min: 5000, max: 5000})
  }
})

describe('a generator that stands still for 90 ms under a server that takes 5 ms for every call', () => {
  const standstill = {fromMs: 100, toMs: 190}

  test.each(loops)('knows that its lateness is its own (%s)', async (_, changes) => {
    const {response, service, net, served} = await observe({changes, delayMs: () => 5, standstill})
    expect(served).toHaveLength(1000)
    for (const {repliedMs, arrivedMs} of served) expect(repliedMs - arrivedMs).toBe(5)
    // What was under way was read late; nothing of that is the server's.
    expect(service.summary().max! / 1000).toBeGreaterThan(85)
    expect(response.summary().max! / 1000).toBeGreaterThan(85)
    for (const {max, p50, count} of [net.service.summary(), net.response.summary()]) {
      expect(count).toBe(1000)
      expect(max).toBeLessThanOrEqual(5000)
      expect(p50! / 1000).toBeGreaterThanOrEqual(5 - 2 * STEP_MS)
    }
  })

  test('does not take the standstill of a server for its own', async () => {
    const {response, service, net} = await observe({
      changes: {connections: 5, durationSeconds: 1, ratePerSecond: 1000},
      delayMs: ({arrivedMs}) => (arrivedMs >= 300 && arrivedMs < 390 ? 395 - arrivedMs : 5),
    })
    for (const [gross, without] of [
      [response, net.response],
      [service, net.service],
    ] as const) {
      expect(gross.summary().max! - without.summary().max!).toBeLessThanOrEqual(2 * STEP_MS * 1000)
      expect(gross.percentile(95)! - without.percentile(95)!).toBeLessThanOrEqual(2 * STEP_MS * 1000)
    }
  })
})
