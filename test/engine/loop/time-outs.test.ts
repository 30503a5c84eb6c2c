import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import type {Connection, ConnectionState} from '../../../src/engine/loop/connection.js'
import {TimeOuts} from '../../../src/engine/loop/time-outs.js'
import {PendingCalls} from '../../../src/engine/measure/pending-calls.js'
import {Recorder} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {makePlan} from '../helpers/plans.js'

let nowMs = 0

beforeEach(() => {
  nowMs = 0
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
})

/** Lets time pass as it does on an idle event loop: every timer goes off when it is due. */
function pass(ms: number): void {
  for (let passed = 0; passed < ms; passed++) {
    nowMs++
    vi.advanceTimersByTime(1)
  }
}

/** The process stands still: the timer that is due goes off late, once. */
function standStill(ms: number): void {
  nowMs += ms
  vi.advanceTimersToNextTimer()
}

interface FakeConnection extends Connection {
  readonly failedMs: number[]
  readonly closedMs: number[]
}

function fakeConnection(state: ConnectionState, connectingSinceMs = 0): FakeConnection {
  const connection = {
    state,
    connectingSinceMs,
    pending: new PendingCalls(),
    failedMs: [] as number[],
    closedMs: [] as number[],
    failure: '',
    get alive() {
      return this.state === 'open' || this.state === 'draining'
    },
    fail(failure: string) {
      this.failure = failure
      this.failedMs.push(nowMs)
      this.state = 'closed'
    },
    close() {
      this.closedMs.push(nowMs)
      this.state = 'closed'
    },
  }
  return connection as unknown as FakeConnection
}

/** A connection that counts how often it is looked at. */
function watched(state: ConnectionState): {connection: FakeConnection; looks: () => number} {
  const connection = fakeConnection(state)
  let looks = 0
  const look = (): ConnectionState => {
    looks++
    return state
  }
  Object.defineProperties(connection, {state: {get: look}, alive: {value: state === 'open'}})
  return {connection, looks: () => looks}
}

function send(connection: Connection, sentMs: number): void {
  connection.pending.push({intendedMs: sentMs, sentMs, method: 0, key: 0, size: 0})
}

function watch(connections: readonly Connection[], changes: Partial<LoadPlan> = {}): TimeOuts {
  const plan = makePlan({timeoutMs: 1000, ...changes})
  const recorder = new Recorder(plan)
  const timeOuts = new TimeOuts({plan, connections, recorder, clock: () => nowMs})
  timeOuts.start()
  return timeOuts
}

describe('a call', () => {
  test('has its time to the millisecond, and its connection fails then', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    send(connection, 10)
    watch([connection])
    pass(999)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection).toMatchObject({failedMs: [1000], failure: 'call time-out', closedMs: []})
  })

  test('of a connection that drains has the same time', () => {
    const connection = fakeConnection('draining')
    send(connection, 0)
    watch([connection])
    pass(1000)
    expect(connection.failedMs).toEqual([1000])
  })

  test('that has its reply is waited for no more', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    watch([connection])
    pass(950)
    connection.pending.shift()
    pass(5000)
    expect(connection).toMatchObject({failedMs: [], closedMs: []})
  })

  test('is booked as timed out; a younger one of the connection is not', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    send(connection, 0)
    send(connection, 1)
    const plan = makePlan({timeoutMs: 1000})
    const recorder = new Recorder(plan)
    new TimeOuts({plan, connections: [connection], recorder, clock: () => nowMs}).start()
    pass(1000)
    expect(recorder.tally.timedOut).toBe(2)
    expect(connection.pending.count).toBe(1)
  })

  test('of a client that gives up calls alone ends the connection only when so many wait in vain', () => {
    const connection = fakeConnection('open')
    for (const sentMs of [0, 100, 200]) send(connection, sentMs)
    watch([connection], {timeoutsToGiveUp: 3})
    pass(1199)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection.failedMs).toEqual([1200])
  })

  test('of such a client leaves the connection alone as long as fewer wait', () => {
    const connection = fakeConnection('open')
    for (const sentMs of [0, 100]) send(connection, sentMs)
    watch([connection], {timeoutsToGiveUp: 3})
    pass(10_000)
    expect(connection.failedMs).toEqual([])
  })
})

describe('an attempt to connect', () => {
  test('has the time-out of calls, where it has none of its own', () => {
    const connection = fakeConnection('connecting')
    watch([connection])
    pass(999)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection).toMatchObject({failedMs: [1000], failure: 'connect time-out'})
  })

  test('has its own, shorter or longer', () => {
    const [short, long] = [fakeConnection('connecting'), fakeConnection('connecting', 50)]
    watch([short], {connectTimeoutMs: 300})
    watch([long], {connectTimeoutMs: 3000})
    pass(299)
    expect(short.failedMs).toEqual([])
    pass(3000)
    expect(short.failedMs).toEqual([300])
    expect(long.failedMs).toEqual([3050])
  })

  test('is not one of a connection that waits for its turn, or has gone', () => {
    const connections = (['new', 'waiting', 'closed'] as const).map(state => fakeConnection(state))
    for (const connection of connections) send(connection, 0)
    watch(connections)
    pass(3000)
    for (const connection of connections) expect(connection).toMatchObject({failedMs: [], closedMs: []})
  })
})

describe('a standstill of the generator', () => {
  test('costs no connection whose replies lie unread: they are read first', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    watch([connection])
    standStill(5000)
    expect(connection.failedMs).toEqual([])
    // The replies are read in this turn of the event loop.
    connection.pending.shift()
    pass(1000)
    expect(connection.failedMs).toEqual([])
  })

  test('gives an attempt to connect the same', () => {
    const connection = fakeConnection('connecting')
    watch([connection])
    standStill(5000)
    expect(connection.failedMs).toEqual([])
  })

  test('is over 5 ms later: who has no reply then has waited too long', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    watch([connection])
    standStill(5000)
    pass(4)
    expect(connection.failedMs).toEqual([])
    pass(1)
    expect(connection.failedMs).toEqual([5005])
  })

  test('is one only where the look is later than an interval', () => {
    const inTime = fakeConnection('open')
    send(inTime, 40 - 200)
    watch([inTime], {timeoutMs: 200})
    // Due after 20 ms, and 20 later: as late as a busy machine may be.
    standStill(40)
    expect(inTime.failedMs).toEqual([40])
    const standing = fakeConnection('open')
    send(standing, 40 - 200)
    watch([standing], {timeoutMs: 200})
    standStill(41)
    expect(standing.failedMs).toEqual([])
  })

  test('is none when look after look is late: bytes that flood the thread keep no connection alive', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    watch([connection])
    for (let late = 1; late <= 3; late++) {
      standStill(2000)
      expect(connection.failedMs).toEqual([])
    }
    standStill(2000)
    expect(connection.failedMs).toEqual([8000])
  })

  test('is another one after a look in time', () => {
    const connection = fakeConnection('open')
    watch([connection])
    for (let late = 1; late <= 3; late++) standStill(2000)
    pass(5)
    send(connection, nowMs)
    for (let late = 1; late <= 3; late++) standStill(2000)
    expect(connection.failedMs).toEqual([])
    standStill(2000)
    expect(connection.failedMs).toEqual([nowMs])
  })
})

describe('the end of a load', () => {
  test('closes connections whose replies are due then, which is no failure', () => {
    const connection = fakeConnection('open')
    const timeOuts = watch([connection])
    send(connection, 0)
    timeOuts.closeAt(450)
    timeOuts.closeAt(700)
    pass(449)
    expect(connection.closedMs).toEqual([])
    pass(51)
    expect(connection).toMatchObject({failedMs: [], closedMs: [500]})
  })

  test('closes them at the look that comes at that very moment', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    watch([connection]).closeAt(400)
    pass(400)
    expect(connection.closedMs).toEqual([400])
  })

  test('leaves those alone where nothing is under way', () => {
    const connection = fakeConnection('open')
    const timeOuts = watch([connection])
    timeOuts.closeAt(0)
    pass(1000)
    expect(connection.closedMs).toEqual([])
  })

  test('fails a connection whose time-out is due with it', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    const timeOuts = watch([connection])
    timeOuts.closeAt(1000)
    pass(1000)
    expect(connection).toMatchObject({failedMs: [1000], closedMs: []})
  })
})

describe('the watch', () => {
  test('goes on until it is stopped', () => {
    const timeOuts = new TimeOuts({
      plan: makePlan(),
      connections: [],
      recorder: new Recorder(makePlan()),
      clock: () => nowMs,
    })
    expect(timeOuts.watching).toBe(false)
    timeOuts.start()
    expect(timeOuts.watching).toBe(true)
    pass(1000)
    expect(vi.getTimerCount()).toBe(1)
    timeOuts.stop()
    expect(timeOuts.watching).toBe(false)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('ends with the last connection, in the midst of a look', () => {
    const connection = fakeConnection('open')
    send(connection, 0)
    const timeOuts = watch([connection])
    connection.fail = () => timeOuts.stop()
    pass(2000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([
    {timeoutMs: 10, everyMs: 5},
    {timeoutMs: 300, everyMs: 30},
    {timeoutMs: 5000, everyMs: 100},
    {timeoutMs: 5000, connectTimeoutMs: 200, everyMs: 20},
    {timeoutMs: 200, connectTimeoutMs: 5000, everyMs: 20},
  ])('looks ten times within the shortest time-out, but every 5 to 100 ms: $everyMs', ({everyMs, ...changes}) => {
    const {connection, looks} = watched('new')
    watch([connection], changes)
    pass(everyMs - 1)
    expect(looks()).toBe(0)
    pass(1)
    expect(looks()).toBe(1)
    pass(everyMs)
    expect(looks()).toBe(2)
  })

  test('does not look sooner for a connection that has just failed to connect', () => {
    const failing = fakeConnection('connecting')
    const {connection, looks} = watched('new')
    watch([failing, connection], {timeoutMs: 200})
    pass(200)
    expect(failing.failedMs).toEqual([200])
    const before = looks()
    pass(19)
    expect(looks()).toBe(before)
  })

  test('of very many connections takes its time: a thousand in each ms', () => {
    const {connection, looks} = watched('open')
    // Each call is due a little later: without a limit there were a look for each.
    connection.fail = () => {}
    for (let sentMs = 0; sentMs < 50; sentMs++) send(connection, sentMs)
    const idle = fakeConnection('new')
    watch([connection, ...Array.from({length: 19_999}, () => idle)], {timeoutMs: 100})
    pass(100)
    const before = looks()
    pass(40)
    expect(looks() - before).toBe(2)
  })
})
