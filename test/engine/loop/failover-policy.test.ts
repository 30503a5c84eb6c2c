import {describe, expect, onTestFinished, test} from 'vitest'
import {FailoverPolicy} from '../../../src/engine/loop/failover-policy.js'
import {Recorder} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {scheduleOfShare} from '../../../src/engine/workload/call-schedule.js'
import type {Address} from '../../../src/protocol/address.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {ScriptedServer} from '../../helpers/scripted-server.js'
import {settle, VirtualTime} from '../../helpers/virtual-time.js'
import {FakeConnection} from '../helpers/fake-connection.js'
import {makePlan} from '../helpers/plans.js'

const other = {host: '127.0.0.1', port: 2}

interface Setup {
  readonly home?: Address
  readonly spread?: boolean
  readonly count?: number
  readonly plan?: Partial<LoadPlan>
}

function setUp({home = {host: '127.0.0.1', port: 1}, spread = false, count = 1, plan: changes = {}}: Setup = {}) {
  const time = new VirtualTime()
  const plan = makePlan({failover: true, failoverDelayMs: 0, ...changes})
  const connections = Array.from({length: count}, (_, slot) => new FakeConnection({slot}))
  const recorder = new Recorder(plan)
  const seen = {settled: 0, draining: [] as unknown[]}
  const policy = new FailoverPolicy({
    plan,
    targets: [home, other],
    spread,
    connections: connections.map(({real}) => real),
    recorder,
    clock: time.clock,
    onSettled: () => seen.settled++,
    onDraining: connection => seen.draining.push(connection),
  })
  const open = (connection: FakeConnection) => {
    connection.connected()
    policy.opened(connection.real)
  }
  const fail = (connection: FakeConnection): boolean => {
    if (connection.state === 'connecting') policy.connectFailed()
    if (connection.state === 'open') recorder.connections.open--
    connection.state = 'closed'
    return policy.reopen(connection.real)
  }
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 100) {
      time.advance(100)
      await settle(() => true)
    }
  }
  /** It fails at home and is open at the other server. */
  const goAway = async (connection: FakeConnection) => {
    fail(connection)
    await pass(100)
    open(connection)
  }
  return {time, policy, connections, connection: connections[0]!, recorder, seen, open, fail, pass, goAway}
}

describe('a connection that failed', () => {
  test.each([
    [{failover: true}, true],
    [{failover: false, reconnect: true}, true],
    [{failover: false, reconnect: false}, false],
  ])('is opened again with %o: %s', (plan, isReopened) => {
    const {policy, connection, open, fail} = setUp({plan})
    policy.open(connection.real)
    open(connection)
    expect(fail(connection)).toBe(isReopened)
  })

  test('is not when it has no call left', () => {
    const {policy, connection, open, fail} = setUp()
    policy.open(connection.real)
    open(connection)
    connection.schedule = scheduleOfShare(0)
    expect(fail(connection)).toBe(false)
  })

  test('is given up after half a minute of nothing but failures', async () => {
    const {time, policy, connection, fail} = setUp({plan: {retryDelayMs: 0}})
    policy.open(connection.real)
    expect(fail(connection)).toBe(true)
    time.advance(29_999)
    expect(fail(connection)).toBe(true)
    time.advance(1)
    expect(fail(connection)).toBe(false)
  })

  test('is counted where it is open next', async () => {
    const {policy, connection, recorder, open, goAway} = setUp()
    policy.open(connection.real)
    expect(policy.isConnecting).toBe(true)
    open(connection)
    expect(policy.isConnecting).toBe(false)
    expect(recorder.connections).toEqual({open: 1, opened: 1, reopened: 0, failedOver: 0, failedBack: 0})
    await goAway(connection)
    expect(recorder.connections).toEqual({open: 1, opened: 1, reopened: 0, failedOver: 1, failedBack: 0})
    policy.goHome(connection.real)
    expect(recorder.connections.open).toBe(0)
    expect(connection.told.slice(-3)).toEqual(['leave', 'wait', 'open 1'])
    open(connection)
    expect(recorder.connections).toEqual({open: 1, opened: 1, reopened: 0, failedOver: 1, failedBack: 1})
    expect(recorder.openings).toBe(3)
  })
})

test('that all connections are open or have failed is told', () => {
  const {policy, connections, seen, open} = setUp({count: 2})
  for (const {real} of connections) policy.open(real)
  open(connections[0]!)
  expect(seen.settled).toBe(0)
  policy.connectFailed()
  expect(seen.settled).toBe(1)
})

test('connections that are due by their schedule are opened', () => {
  const {policy, connection} = setUp()
  expect(policy.openDue({startMs: 10, nowMs: 9})).toBe(10)
  expect(connection.state).toBe('new')
  expect(policy.openDue({startMs: 10, nowMs: 10})).toBe(Number.POSITIVE_INFINITY)
  expect(connection.state).toBe('connecting')
})

test('when opening is stopped, connections that wait are closed', async () => {
  const {policy, connection, open, fail, pass} = setUp()
  policy.open(connection.real)
  open(connection)
  fail(connection)
  policy.stopOpening()
  expect(connection.state).toBe('closed')
  await pass(500)
  expect(connection.targets).toHaveLength(1)
})

describe('a home that was given up', () => {
  /** Fake servers answer the `version` that a connection begins with. */
  const answering = async () => (await startFakeMemcached()).address
  const frozen = async () => {
    const server = await ScriptedServer.listen()
    onTestFinished(() => server.close())
    return server.address
  }
  const failback = {switchBackMs: 0, homeAsked: {firstMs: 500, maxMs: 500, factor: 1}}

  test('calls its connections back when it answers again; they drain first', async () => {
    const {policy, connection, recorder, seen, open, goAway, pass} = setUp({home: await answering(), plan: failback})
    policy.watchHomes()
    policy.open(connection.real)
    open(connection)
    await pass(1000)
    expect(seen.draining).toEqual([])
    await goAway(connection)
    await pass(1000)
    expect(seen.draining).toEqual([connection])
    expect(connection.state).toBe('draining')
    // That it was asked is one of the connections that the load opened.
    expect(recorder.openings).toBe(3)
    await pass(2000)
    expect(seen.draining).toHaveLength(1)
    policy.stop()
  })

  test('calls nobody as long as it only accepts connections', async () => {
    const home = await frozen()
    const {policy, connection, seen, open, goAway, pass} = setUp({home, plan: failback})
    policy.watchHomes()
    policy.open(connection.real)
    open(connection)
    await goAway(connection)
    await pass(5000)
    expect(seen.draining).toEqual([])
    policy.stop()
  })

  test.each([
    {failover: true, switchBackMs: null},
    {failover: false, reconnect: true, switchBackMs: 0},
  ])('is not asked by clients that do not come back: %o', async plan => {
    const {policy, connection, recorder, seen, open, goAway, pass} = setUp({home: await answering(), plan})
    policy.watchHomes()
    policy.open(connection.real)
    open(connection)
    await goAway(connection)
    await pass(3000)
    expect(seen.draining).toEqual([])
    expect(recorder.openings).toBe(2)
    policy.stop()
  })

  test('calls only those that began there and are open elsewhere', async () => {
    const setup = setUp({home: await answering(), spread: true, count: 4, plan: failback})
    const {policy, connections, seen, open, goAway, pass} = setup
    const [away, elsewhere, athome, waiting] = connections as [
      FakeConnection,
      FakeConnection,
      FakeConnection,
      FakeConnection,
    ]
    policy.watchHomes()
    for (const {real} of connections) policy.open(real)
    for (const connection of connections) open(connection)
    await goAway(away)
    waiting.state = 'waiting'
    await pass(1500)
    expect(seen.draining).toEqual([away])
    expect([elsewhere.state, athome.state, waiting.state]).toEqual(['open', 'open', 'waiting'])
    policy.stop()
  })

  test('has to answer for as long as the clients want', async () => {
    const plan = {...failback, switchBackMs: 1500}
    const {policy, connection, seen, open, goAway, pass} = setUp({home: await answering(), plan})
    policy.watchHomes()
    policy.open(connection.real)
    open(connection)
    await goAway(connection)
    await pass(1500)
    expect(seen.draining).toEqual([])
    await pass(1500)
    expect(seen.draining).toEqual([connection])
    policy.stop()
  })

  test('is not asked any more when the load has ended', async () => {
    const {policy, connection, recorder, open, goAway, pass} = setUp({home: await answering(), plan: failback})
    policy.watchHomes()
    policy.open(connection.real)
    open(connection)
    await goAway(connection)
    policy.stop()
    await pass(3000)
    expect(recorder.openings).toBe(2)
  })
})
