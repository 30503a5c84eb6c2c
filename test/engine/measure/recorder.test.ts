import {beforeEach, describe, expect, test} from 'vitest'
import type {LatencyDelta} from '../../../src/engine/measure/latency.js'
import {LatencyMerge} from '../../../src/engine/measure/latency-summary.js'
import {asSecondHalf, BARRIER, PendingCalls, WITNESS} from '../../../src/engine/measure/pending-calls.js'
import {type LoadDelta, type RecordedConnection, Recorder} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {makePlan} from '../helpers/plans.js'

const openLoop = {ratePerSecond: 1000, durationSeconds: 10}

interface FakeConnection extends RecordedConnection {
  writableSinceMs: number
  line: string
}

let connection: FakeConnection

beforeEach(() => {
  connection = {pending: new PendingCalls(), writableSinceMs: 0, line: '', lastLine: () => connection.line}
})

function recorderOf(changes: Partial<LoadPlan> = {}, options: {adjustable?: boolean} = {}): Recorder {
  const recorder = new Recorder(makePlan(changes), options)
  recorder.steps?.start(0)
  return recorder
}

function deltaOf(recorder: Recorder): LoadDelta {
  return recorder.takeDelta({elapsedMs: 0, intended: 0, unsent: 0, verification: null, idleMs: 0})
}

interface Call {
  readonly intendedMs: number
  readonly sentMs?: number
  readonly method?: number
  readonly size?: number
}

function send(recorder: Recorder, {intendedMs, sentMs = intendedMs, method = 0, size = 1}: Call): void {
  recorder.sent(connection, {method, intendedMs, sentMs})
  connection.pending.push({intendedMs, sentMs, method, key: 1, size})
}

function times(...recorded: readonly (readonly LatencyDelta[])[]): (number | null)[] {
  return recorded.map(deltas => {
    const merge = new LatencyMerge()
    for (const delta of deltas) merge.add(delta)
    return merge.maxUs
  })
}

function latencies({response, service, netResponse, netService}: LoadDelta) {
  const [responseUs, serviceUs, netResponseUs, netServiceUs] = times(response, service, netResponse, netService)
  return {responseUs, serviceUs, netResponseUs, netServiceUs}
}

describe('a call of an open loop', () => {
  const sentLate = (intendedMs: number, sentMs: number, writableSinceMs: number) => {
    connection.writableSinceMs = writableSinceMs
    const recorder = recorderOf(openLoop)
    send(recorder, {intendedMs, sentMs})
    const delta = deltaOf(recorder)
    return {...delta, slipUs: times([delta.slip])[0]}
  }

  test('is in time up to 1 ms', () => {
    expect(sentLate(100, 101, 0)).toMatchObject({lateCalls: 0, heldUpCalls: 0, slipUs: 1000})
  })

  test('is late by the generator when its socket was free when it was due', () => {
    expect(sentLate(100, 101.5, 0)).toMatchObject({lateCalls: 1, heldUpCalls: 0, slipUs: 1500})
  })

  test('is held up when its socket took nothing when it was due: that is no slip of the generator', () => {
    expect(sentLate(100, 150, 149)).toMatchObject({lateCalls: 0, heldUpCalls: 1, slipUs: null})
  })

  test('is held up when its socket became free at the very moment', () => {
    expect(sentLate(100, 150, 100)).toMatchObject({lateCalls: 0, heldUpCalls: 1})
    expect(sentLate(100.5, 150, 100)).toMatchObject({lateCalls: 1, heldUpCalls: 0})
  })

  test('is not held up when it left in time, whatever its socket did before', () => {
    expect(sentLate(100, 101, 101)).toMatchObject({lateCalls: 0, heldUpCalls: 0, slipUs: 1000})
  })

  test('may catch up for as long as the longest hold-up was, and no longer', () => {
    const recorder = recorderOf(openLoop)
    connection.writableSinceMs = 1000
    send(recorder, {intendedMs: 900, sentMs: 1001})
    // A shorter one does not take from it.
    send(recorder, {intendedMs: 990, sentMs: 1002})
    send(recorder, {intendedMs: 1100, sentMs: 1110})
    expect(deltaOf(recorder)).toMatchObject({heldUpCalls: 3, lateCalls: 0})
    send(recorder, {intendedMs: 1100.5, sentMs: 1110})
    expect(deltaOf(recorder)).toMatchObject({heldUpCalls: 3, lateCalls: 1})
  })
})

describe('the times of a call', () => {
  const reply = {kind: 'stored', values: 0} as const

  test('run from its intended start, and from its send; net of both its own lateness and that of the reading', () => {
    const recorder = recorderOf(openLoop)
    send(recorder, {intendedMs: 100, sentMs: 104})
    recorder.replied(connection, {...reply, nowMs: 110, lateMs: 1})
    expect(latencies(deltaOf(recorder))).toEqual({
      responseUs: 10_000,
      serviceUs: 6000,
      netResponseUs: 5000,
      netServiceUs: 5000,
    })
  })

  test('count what a socket held up as the server’s', () => {
    const recorder = recorderOf(openLoop)
    connection.writableSinceMs = 104
    send(recorder, {intendedMs: 100, sentMs: 104})
    recorder.replied(connection, {...reply, nowMs: 110, lateMs: 1})
    expect(latencies(deltaOf(recorder))).toMatchObject({responseUs: 10_000, netResponseUs: 9000})
  })

  test('take no more than 1 ms of lateness off a call that its socket did not hold up', () => {
    const recorder = recorderOf(openLoop)
    connection.writableSinceMs = 104
    send(recorder, {intendedMs: 103, sentMs: 104})
    recorder.replied(connection, {...reply, nowMs: 110, lateMs: 0})
    expect(latencies(deltaOf(recorder))).toMatchObject({responseUs: 7000, netResponseUs: 6000})
  })

  test('count what is caught up after a hold-up as the server’s', () => {
    const recorder = recorderOf(openLoop)
    connection.writableSinceMs = 200
    send(recorder, {intendedMs: 100, sentMs: 201})
    recorder.replied(connection, {...reply, nowMs: 202, lateMs: 0})
    deltaOf(recorder)
    send(recorder, {intendedMs: 290, sentMs: 299})
    recorder.replied(connection, {...reply, nowMs: 300, lateMs: 0})
    expect(latencies(deltaOf(recorder))).toMatchObject({responseUs: 10_000, netResponseUs: 10_000})
  })

  test('of a closed loop are one: without a schedule a call is meant to start when it does', () => {
    const recorder = recorderOf()
    send(recorder, {intendedMs: 100})
    recorder.replied(connection, {...reply, nowMs: 110, lateMs: 3})
    const delta = deltaOf(recorder)
    expect(latencies(delta)).toEqual({responseUs: 10_000, serviceUs: 10_000, netResponseUs: 7000, netServiceUs: 7000})
    expect(times([delta.slip])).toEqual([null])
  })

  test('of a call without a reply end with its send, and have no service time', () => {
    const recorder = recorderOf({...openLoop, noreply: true})
    recorder.sent(connection, {method: 0, intendedMs: 100, sentMs: 105})
    recorder.completedUnanswered(connection, {method: 0, intendedMs: 100, sentMs: 105})
    const delta = deltaOf(recorder)
    expect(delta.tally).toMatchObject({sent: 1, ok: 1})
    expect(latencies(delta)).toEqual({responseUs: 5000, serviceUs: null, netResponseUs: 0, netServiceUs: null})
    expect(recorder.inFlight).toBe(0)
  })

  test('of a closed loop with noreply have a service time of their own: that of reads', () => {
    const recorder = recorderOf({
      noreply: true,
      mix: [
        {method: 'set', weight: 1},
        {method: 'get', weight: 1},
      ],
    })
    recorder.sent(connection, {method: 0, intendedMs: 100, sentMs: 105})
    recorder.completedUnanswered(connection, {method: 0, intendedMs: 100, sentMs: 105})
    send(recorder, {intendedMs: 100, method: 1})
    recorder.replied(connection, {kind: 'end', values: 1, nowMs: 103, lateMs: 1})
    const delta = deltaOf(recorder)
    expect(times(...delta.response.map(one => [one]))).toEqual([5000, 3000])
    expect(times(...delta.service.map(one => [one]))).toEqual([null, 3000])
    expect(times(...delta.netService.map(one => [one]))).toEqual([null, 2000])
  })

  test('are told once', () => {
    const recorder = recorderOf(openLoop)
    send(recorder, {intendedMs: 100})
    recorder.replied(connection, {...reply, nowMs: 110, lateMs: 1})
    deltaOf(recorder)
    expect(latencies(deltaOf(recorder))).toEqual({
      responseUs: null,
      serviceUs: null,
      netResponseUs: null,
      netServiceUs: null,
    })
  })
})

describe('the books', () => {
  test('count what comes of calls, and which are under way', () => {
    const recorder = recorderOf({
      mix: [
        {method: 'set', weight: 1},
        {method: 'get', weight: 1},
      ],
    })
    for (const method of [0, 1, 1, 0]) send(recorder, {intendedMs: 1, method, size: method === 1 ? 3 : 8})
    expect(recorder.inFlight).toBe(4)
    recorder.replied(connection, {kind: 'stored', values: 0, nowMs: 2, lateMs: 0})
    recorder.replied(connection, {kind: 'end', values: 2, nowMs: 2, lateMs: 0})
    connection.line = 'SERVER_ERROR out of memory'
    recorder.replied(connection, {kind: 'server_error', values: 0, nowMs: 2, lateMs: 0})
    expect(recorder.inFlight).toBe(1)
    expect(connection.pending.count).toBe(1)
    expect(deltaOf(recorder)).toMatchObject({
      tally: {sent: 4, ok: 2, hit: 1, miss: 0, errors: {'SERVER_ERROR out of memory': 1}},
      keysRead: 3,
      keysFound: 2,
    })
  })

  test('count values as found only of reads that were answered', () => {
    const recorder = recorderOf({mix: [{method: 'add', weight: 1}]})
    send(recorder, {intendedMs: 1, size: 8})
    recorder.replied(connection, {kind: 'end', values: 1, nowMs: 2, lateMs: 0})
    expect(deltaOf(recorder)).toMatchObject({keysRead: 0, keysFound: 0})
  })

  test('do not take a `stored` for what another command wanted', () => {
    const recorder = recorderOf({mix: [{method: 'delete', weight: 1}]})
    send(recorder, {intendedMs: 1})
    connection.line = 'STORED'
    recorder.replied(connection, {kind: 'stored', values: 0, nowMs: 2, lateMs: 0})
    expect(recorder.tally).toMatchObject({ok: 0, errors: {STORED: 1}})
  })

  test('are handed out as they stood', () => {
    const recorder = recorderOf()
    const before = deltaOf(recorder)
    send(recorder, {intendedMs: 1})
    connection.line = 'ERROR'
    recorder.replied(connection, {kind: 'error', values: 0, nowMs: 2, lateMs: 0})
    recorder.connectionClosed(connection, 'reset')
    recorder.connectionOpened(true, {wasAway: false, isAway: false})
    expect(before).toMatchObject({tally: {sent: 0, errors: {}}, connectionErrors: {}, connections: {open: 0}})
    expect(before.connectionErrors).toEqual({})
    expect(before.tally.errors).toEqual({})
  })

  test('take a refused command without a reply back: it had been taken for done', () => {
    const recorder = recorderOf({noreply: true})
    recorder.sent(connection, {method: 0, intendedMs: 1, sentMs: 1})
    recorder.completedUnanswered(connection, {method: 0, intendedMs: 1, sentMs: 1})
    recorder.refusedUnanswered(() => 'SERVER_ERROR too large')
    recorder.refusedUnanswered(() => 'SERVER_ERROR too large')
    expect(recorder.tally).toMatchObject({sent: 1, ok: 0, errors: {'SERVER_ERROR too large': 2}})
  })

  test('time out the calls that were sent until a moment, and no barrier or witness', () => {
    const recorder = recorderOf()
    for (const intendedMs of [1, 2, 3]) send(recorder, {intendedMs})
    connection.pending.push({intendedMs: 3, sentMs: 3, method: BARRIER, key: 0, size: 0})
    connection.pending.push({intendedMs: 3, sentMs: 3, method: WITNESS, key: 0, size: 0})
    send(recorder, {intendedMs: 4})
    recorder.timedOut(connection, 2)
    expect(recorder.tally.timedOut).toBe(2)
    expect(recorder.inFlight).toBe(2)
    recorder.timedOut(connection, 3)
    expect(recorder.tally.timedOut).toBe(3)
    recorder.timedOutCall(connection)
    expect(recorder.tally.timedOut).toBe(4)
    expect([recorder.inFlight, connection.pending.count]).toEqual([0, 0])
    recorder.timedOut(connection, 100)
    expect(recorder.tally.timedOut).toBe(4)
  })

  test.each([
    ['reset', {lostWithConnection: 2, unanswered: 0}, {reset: 1}],
    [null, {lostWithConnection: 0, unanswered: 2}, {}],
  ])('of a connection that ends by %s say what became of its calls', (failure, counts, errors) => {
    const recorder = recorderOf()
    send(recorder, {intendedMs: 1})
    connection.pending.push({intendedMs: 1, sentMs: 1, method: BARRIER, key: 0, size: 0})
    send(recorder, {intendedMs: 2})
    recorder.connectionClosed(connection, failure)
    expect(recorder.tally).toMatchObject(counts)
    expect([recorder.inFlight, connection.pending.count]).toEqual([0, 0])
    expect(recorder.connectionErrors).toEqual(errors)
  })

  test.each([
    [true, false, false, {opened: 1, reopened: 0, failedOver: 0, failedBack: 0}],
    [false, false, false, {opened: 0, reopened: 1, failedOver: 0, failedBack: 0}],
    [false, true, true, {opened: 0, reopened: 1, failedOver: 0, failedBack: 0}],
    [false, false, true, {opened: 0, reopened: 0, failedOver: 1, failedBack: 0}],
    [false, true, false, {opened: 0, reopened: 0, failedOver: 0, failedBack: 1}],
    [true, false, true, {opened: 1, reopened: 0, failedOver: 1, failedBack: 0}],
  ])('of connections: first %s, away before %s, away now %s', (isFirst, wasAway, isAway, counts) => {
    const recorder = recorderOf()
    recorder.connectionOpened(isFirst, {wasAway, isAway})
    expect(recorder.connections).toEqual({open: 1, ...counts})
    expect(deltaOf(recorder).requests.connections).toBe(1)
  })

  test('count requests as nodes do: keys of reads, both halves of a cas, whatever stores', () => {
    const mix = (['get', 'set', 'append', 'cas', 'incr', 'decr', 'delete', 'touch'] as const).map(method => {
      return {method, weight: 1}
    })
    const recorder = recorderOf({mix, multigetKeys: 5})
    for (const method of mix.keys()) send(recorder, {intendedMs: 1, method})
    send(recorder, {intendedMs: 1, method: 0})
    recorder.casSent = 1
    recorder.witnessesSent = 3
    expect(deltaOf(recorder).requests).toEqual({
      connections: 0,
      // Two gets of five keys, a gets and three witnesses.
      gets: 14,
      sets: 3,
      deletes: 1,
      counters: 2,
      touches: 1,
    })
  })

  test('know the second half of a cas by its place in the mix', () => {
    const recorder = recorderOf({
      mix: [
        {method: 'get', weight: 1},
        {method: 'cas', weight: 1},
      ],
    })
    recorder.sent(connection, {method: 1, intendedMs: 1, sentMs: 1})
    connection.pending.push({intendedMs: 1, sentMs: 1, method: asSecondHalf(1), key: 0, size: 8})
    recorder.replied(connection, {kind: 'stored', values: 0, nowMs: 4, lateMs: 0})
    expect(times(...deltaOf(recorder).response.map(one => [one]))).toEqual([null, 3000])
  })
})

describe('the steps of a load', () => {
  test('are kept where its rate changes or may be changed', () => {
    expect(recorderOf(openLoop).steps).toBeNull()
    expect(recorderOf(openLoop, {adjustable: true}).steps).not.toBeNull()
    const ratePhases = [{toRatePerSecond: 1000, seconds: 10}] as unknown as LoadPlan['ratePhases']
    expect(new Recorder({...makePlan(openLoop), ratePhases}).steps).not.toBeNull()
  })

  test.each([
    ['get', 'end', 1, {ok: 1, miss: 0, errors: 0, keysRead: 2, keysFound: 1, answeredMeanwhile: 1}],
    ['get', 'end', 0, {ok: 0, miss: 1, errors: 0, keysRead: 2, keysFound: 0, answeredMeanwhile: 1}],
    ['get', 'server_error', 0, {ok: 0, miss: 0, errors: 1, keysRead: 0, keysFound: 0, answeredMeanwhile: 0}],
    ['set', 'stored', 0, {ok: 1, miss: 0, errors: 0, keysRead: 0, keysFound: 0, answeredMeanwhile: 1}],
  ] as const)('book a %s that is answered by %s with %d values', (method, kind, values, counts) => {
    const recorder = recorderOf({...openLoop, mix: [{method, weight: 1}]}, {adjustable: true})
    send(recorder, {intendedMs: 1, size: 2})
    recorder.replied(connection, {kind, values, nowMs: 2, lateMs: 0})
    expect(deltaOf(recorder).steps).toMatchObject([{index: 0, counts: {sent: 1, ...counts}}])
  })

  test('book a call without a reply', () => {
    const recorder = recorderOf({...openLoop, noreply: true}, {adjustable: true})
    recorder.sent(connection, {method: 0, intendedMs: 1, sentMs: 2})
    recorder.completedUnanswered(connection, {method: 0, intendedMs: 1, sentMs: 2})
    expect(deltaOf(recorder).steps).toMatchObject([{index: 0, counts: {sent: 1, ok: 1, answeredMeanwhile: 1}}])
  })
})
