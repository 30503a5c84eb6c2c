import {beforeEach, describe, expect, onTestFinished, test, vi} from 'vitest'
import {ConnectionOpener} from '../../../src/engine/loop/connection-opener.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {scheduleOf} from '../../../src/engine/workload/call-schedule.js'
import {FakeConnection} from '../helpers/fake-connection.js'
import {makePlan} from '../helpers/plans.js'

const [first, second, third] = [1, 2, 3].map(port => ({host: '127.0.0.1', port}))
let nowMs = 0
let idleTimes = 0

beforeEach(() => {
  nowMs = 0
  idleTimes = 0
  vi.useFakeTimers({toFake: ['setTimeout', 'clearTimeout']})
  onTestFinished(() => {
    vi.useRealTimers()
  })
})

function pass(ms: number): void {
  nowMs += ms
  vi.advanceTimersByTime(ms)
}

interface Setup {
  readonly count?: number
  readonly targets?: number
  readonly spread?: boolean
  readonly plan?: Partial<LoadPlan>
}

function setUp({count = 1, targets = 2, spread = false, plan = {}}: Setup = {}) {
  const connections = Array.from({length: count}, (_, slot) => new FakeConnection({slot}))
  const opener = new ConnectionOpener({
    plan: makePlan({failover: true, ...plan}),
    targets: [first!, second!, third!].slice(0, targets),
    spread,
    connections: connections.map(({real}) => real),
    clock: () => nowMs,
    onIdle: () => idleTimes++,
  })
  const open = (connection: FakeConnection) => {
    connection.connected()
    opener.opened(connection.real)
  }
  const fail = (connection: FakeConnection) => {
    if (connection.state === 'connecting') opener.failed()
    connection.state = 'closed'
    opener.openLater(connection.real)
  }
  return {opener, connections, connection: connections[0]!, open, fail}
}

describe('opening', () => {
  test('lets no more than a hundred connect at a time', () => {
    const {opener, connections, open} = setUp({count: 103})
    for (const {real} of connections) opener.open(real)
    const connecting = () => connections.filter(({state}) => state === 'connecting').length
    expect(connecting()).toBe(100)
    expect(connections[100]!.told).toEqual(['wait'])
    open(connections[0]!)
    expect(connecting()).toBe(100)
    expect(connections[100]!.state).toBe('connecting')
    opener.failed()
    expect(connections[101]!.state).toBe('connecting')
    expect(connections[102]!.state).toBe('waiting')
  })

  test('is busy until every connection is open or has failed, and says so then', () => {
    const {opener, connections, open} = setUp({count: 2})
    expect(opener.busy).toBe(false)
    for (const {real} of connections) opener.open(real)
    expect([opener.busy, idleTimes]).toEqual([true, 0])
    open(connections[0]!)
    expect([opener.busy, idleTimes]).toEqual([true, 0])
    opener.failed()
    expect([opener.busy, idleTimes]).toEqual([false, 1])
  })

  test('goes to the first target, or to all in turn', () => {
    const together = setUp({count: 3})
    for (const {real} of together.connections) together.opener.open(real)
    expect(together.connections.flatMap(({targets}) => targets)).toEqual([first, first, first])
    expect(together.opener.homes).toEqual([first])
    const spread = setUp({count: 3, spread: true})
    for (const {real} of spread.connections) spread.opener.open(real)
    expect(spread.connections.flatMap(({targets}) => targets)).toEqual([first, second, first])
    expect(spread.opener.homes).toEqual([first, second])
    expect(spread.connections.map(({real}) => spread.opener.isHome(real, second!))).toEqual([false, true, false])
  })

  test('by the schedule opens what is due, and says when the next is', () => {
    const plan = makePlan({connections: 3, connectionsPerSecond: 100, ratePerSecond: 10, durationSeconds: 1})
    const {opener, connections} = setUp({count: 3})
    for (const [index, connection] of connections.entries()) connection.schedule = scheduleOf(plan, index)
    expect(opener.openDue({startMs: 1000, nowMs: 999})).toBe(1000)
    expect(opener.openDue({startMs: 1000, nowMs: 1000})).toBe(1010)
    expect(connections.map(({state}) => state)).toEqual(['connecting', 'new', 'new'])
    expect(opener.openDue({startMs: 1000, nowMs: 1015})).toBe(1020)
    expect(opener.openDue({startMs: 1000, nowMs: 1500})).toBe(Number.POSITIVE_INFINITY)
    expect(connections.map(({targets}) => targets.length)).toEqual([1, 1, 1])
  })
})

describe('opening again', () => {
  test('goes to the next target at once, then round with growing waits', () => {
    const {opener, connection, fail} = setUp({plan: {failoverDelayMs: 10}})
    opener.open(connection.real)
    fail(connection)
    expect(connection.state).toBe('waiting')
    pass(9)
    expect(connection.targets).toEqual([first])
    pass(1)
    expect(connection.targets).toEqual([first, second])
    fail(connection)
    pass(10)
    expect(connection.targets).toEqual([first, second, first])
    fail(connection)
    pass(19)
    expect(connection.targets).toHaveLength(3)
    pass(1)
    expect(connection.targets).toEqual([first, second, first, second])
  })

  test('stays at its own target without failover', () => {
    const {opener, connection, fail} = setUp({plan: {failover: false, reconnect: true, failoverDelayMs: 0}})
    opener.open(connection.real)
    fail(connection)
    pass(10)
    fail(connection)
    pass(20)
    expect(connection.targets).toEqual([first, first, first])
    expect(opener.isAway(connection.real)).toBe(false)
  })

  test('stays there for as many retries as the plan wants', () => {
    const plan = {retries: 2, retryDelayMs: 1000, firstRetryDelayMs: 5, failoverDelayMs: 3}
    const {opener, connection, fail} = setUp({plan})
    opener.open(connection.real)
    fail(connection)
    pass(5)
    expect(connection.targets).toEqual([first, first])
    fail(connection)
    pass(1000)
    expect(connection.targets).toEqual([first, first, first])
    fail(connection)
    pass(3)
    expect(connection.targets).toEqual([first, first, first, second])
    expect(opener.isAway(connection.real)).toBe(true)
  })

  test('goes round through three targets', () => {
    const {opener, connection, fail} = setUp({targets: 3, plan: {retryDelayMs: 0, failoverDelayMs: 0}})
    opener.open(connection.real)
    for (let failures = 0; failures < 3; failures++) {
      fail(connection)
      pass(0)
    }
    expect(connection.targets).toEqual([first, second, third, first])
  })

  test('goes back to where it began when it is told to', () => {
    const {opener, connection, open, fail} = setUp({plan: {failoverDelayMs: 0}})
    opener.open(connection.real)
    fail(connection)
    pass(0)
    open(connection)
    expect(opener.isAway(connection.real)).toBe(true)
    opener.openAtHome(connection.real)
    expect(connection.targets).toEqual([first, second, first])
    expect(opener.isAway(connection.real)).toBe(false)
  })
})

describe('how long a connection has failed', () => {
  test('runs from the first failure since it was open', () => {
    const {opener, connection, open, fail} = setUp({plan: {failoverDelayMs: 0, retryDelayMs: 0}})
    expect(opener.failingMs(connection.real)).toBe(0)
    nowMs = 1000
    opener.open(connection.real)
    fail(connection)
    pass(300)
    fail(connection)
    pass(300)
    expect(opener.failingMs(connection.real)).toBe(600)
    open(connection)
    expect(opener.failingMs(connection.real)).toBe(0)
  })

  test('is that of new failures once it was open again, and so are its waits', () => {
    const {opener, connection, open, fail} = setUp({plan: {failover: false, reconnect: true}})
    opener.open(connection.real)
    for (let failures = 0; failures < 6; failures++) {
      fail(connection)
      pass(500)
    }
    open(connection)
    pass(60_000)
    fail(connection)
    expect(opener.failingMs(connection.real)).toBe(0)
    const attempts = connection.targets.length
    pass(9)
    expect(connection.targets).toHaveLength(attempts)
    pass(1)
    expect(connection.targets).toHaveLength(attempts + 1)
    expect(opener.failingMs(connection.real)).toBe(10)
  })
})

test('stopped, it opens nothing more and hands back what waited', () => {
  const {opener, connections, fail} = setUp({count: 103})
  for (const {real} of connections) opener.open(real)
  fail(connections[0]!)
  const waiting = opener.stop()
  expect(waiting).toEqual([connections[0], connections[101], connections[102]])
  const attempts = connections.flatMap(({targets}) => targets).length
  pass(10_000)
  expect(connections.flatMap(({targets}) => targets)).toHaveLength(attempts)
  expect(vi.getTimerCount()).toBe(0)
  opener.failed()
  expect(connections[101]!.state).toBe('waiting')
})
