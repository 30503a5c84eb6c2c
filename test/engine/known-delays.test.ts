import {describe, expect, test} from 'vitest'
import {checkBooks} from '../../src/engine/accounts.js'
import {LatencyMerge} from '../../src/engine/latency-summary.js'
import {LoadLoop} from '../../src/engine/load-loop.js'
import type {LoadPlan} from '../../src/engine/plan.js'
import type {LoadDelta} from '../../src/engine/recorder.js'
import {type TimedRequest, TimedServer} from '../helpers/timed-server.js'
import {settle, VirtualTime} from '../helpers/virtual-time.js'
import {makePlan} from './plans.js'

const STEP_MS = 0.25

interface Experiment {
  readonly changes: Partial<LoadPlan>
  readonly delayMs: (request: {index: number; arrivedMs: number}) => number
}

interface Outcome {
  readonly response: LatencyMerge
  readonly service: LatencyMerge
  /** What the server did, in the order of its replies. */
  readonly served: readonly TimedRequest[]
  readonly startMs: number
}

/** Runs a load against a server that does what a script says, both on a clock that only this function moves. */
async function observe({changes, delayMs}: Experiment): Promise<Outcome> {
  const time = new VirtualTime()
  const server = await TimedServer.start({clock: time.clock, delayMs})
  const plan = makePlan(changes)
  const [response, service] = [new LatencyMerge(), new LatencyMerge()]
  let state: 'connecting' | 'running' | 'finished' = 'connecting'
  let startMs = 0
  const loop = new LoadLoop({
    plan,
    targets: [server.address],
    connections: {first: 0, count: plan.connections},
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
    for (const recorded of delta.response) response.add(recorded)
    for (const recorded of delta.service) service.add(recorded)
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
    await settle(isQuiet)
  }
  const {intended, unsent, tally} = take()
  checkBooks({intended, unsent, ...tally})
  expect(tally.ok).toBe(server.served.length)
  return {response, service, served: server.served, startMs}
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

/** From the arrival, or the reply before it on its connection, to the reply. */
function servicesOf({served}: Outcome): number[] {
  const before = new Map<unknown, number>()
  return served.map(({socket, arrivedMs, repliedMs}) => {
    const sinceMs = Math.max(arrivedMs, before.get(socket) ?? 0)
    before.set(socket, repliedMs)
    return repliedMs - sinceMs
  })
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
    if (name === 'open loop') {
      expectSame(outcome.service, servicesOf(outcome))
      expectSame(outcome.response, responsesOf(outcome, 1000))
    } else {
      const sent = outcome.served.map(({arrivedMs, repliedMs}) => repliedMs - arrivedMs)
      expectSame(outcome.service, sent)
      expectSame(outcome.response, sent)
    }
    expect(outcome.service.percentile(99.5)).toBeGreaterThan(35_000)
    // In a pipeline the calls behind a late one wait for it too.
    if (name !== 'pipelined') expect(outcome.service.percentile(98.5)).toBeLessThan(3000)
  })
})

test.each([1, 10])(
  'a stall of 500 ms shows in response time in full and in service time once (%d connections)',
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
    // The call at the head of each connection waited for the server, the others for that call.
    expect(servicesOf(outcome).filter(ms => ms > 0.5)).toHaveLength(connections)
    expect(outcome.service.percentile(100 * (1 - (connections + 0.5) / 1500))).toBeLessThan(500)
  },
)
