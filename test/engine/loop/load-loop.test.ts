import {once} from 'node:events'
import {createServer} from 'node:net'
import {describe, expect, onTestFinished, test} from 'vitest'
import {LoadLoop} from '../../../src/engine/loop/load-loop.js'
import {checkCounts} from '../../../src/engine/measure/accounts.js'
import {counterIndex, type LatencyDelta} from '../../../src/engine/measure/latency.js'
import {LatencyMerge} from '../../../src/engine/measure/latency-summary.js'
import type {LoadDelta} from '../../../src/engine/measure/recorder.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import type {Address} from '../../../src/protocol/address.js'
import {startFakeMemcached, wellBehaved} from '../../helpers/fake-memcached.js'
import {makePlan} from '../helpers/plans.js'
import {runLoopInVirtualTime, wholeLoad} from '../helpers/run-loop.js'

/** Runs a plan to its end in this process; its books must balance whatever happened. */
async function run(
  target: Address,
  changes: Partial<LoadPlan>,
  onStarted: (loop: LoadLoop) => void = () => {},
): Promise<LoadDelta> {
  const plan = makePlan(changes)
  const {promise, resolve} = Promise.withResolvers<void>()
  const loop = new LoadLoop({
    ...wholeLoad(plan),
    targets: [target],
    onReady: () =>
      queueMicrotask(() => {
        loop.start(performance.now())
        onStarted(loop)
      }),
    onFinished: resolve,
  })
  loop.connect()
  await promise
  const delta = loop.takeDelta()
  checkCounts({intended: delta.intended, unsent: delta.unsent, ...delta.tally})
  expect(delta.connections.open).toBe(0)
  return delta
}

function summary(...deltas: LatencyDelta[]) {
  const merge = new LatencyMerge()
  for (const delta of deltas) merge.add(delta)
  return merge.summary()
}

describe('closed loop', () => {
  test('sends every call once, in order, the next when the last is complete', async () => {
    let underWay = 0
    let most = 0
    const server = await startFakeMemcached(({socket}) => {
      most = Math.max(most, ++underWay)
      setImmediate(() => {
        underWay--
        socket.write('STORED\r\n')
      })
      return undefined
    })
    const {tally, intended, response, service, slip} = await run(server.address, {
      connections: 3,
      callsPerConnection: 20,
    })
    expect({intended, ...tally}).toMatchObject({intended: 60, sent: 60, ok: 60, errors: {}})
    expect(server.requests.map(({key}) => key).toSorted()).toEqual(
      Array.from({length: 60}, (_, i) => `k:${(i + 1).toString(16).padStart(8, '0')}`),
    )
    expect(most).toBeLessThanOrEqual(3)
    expect([summary(...response).count, summary(...service).count, summary(slip).count]).toEqual([60, 60, 0])
  })

  test('tells hits from misses', async () => {
    const server = await startFakeMemcached(request => (request.index % 3 === 0 ? 'END\r\n' : wellBehaved(request)))
    const mix = [{method: 'get' as const, weight: 1}]
    const {tally} = await run(server.address, {connections: 1, callsPerConnection: 30, mix})
    expect(tally).toMatchObject({sent: 30, ok: 20, hit: 20, miss: 10})
  })

  test('measures a known delay in full', async () => {
    const server = await startFakeMemcached(({socket}) => {
      setTimeout(() => socket.write('STORED\r\n'), 20)
      return undefined
    })
    const {response, service} = await run(server.address, {callsPerConnection: 5})
    // A timer may fire up to 1 ms early by the clock that measures.
    expect(summary(...response).min).toBeGreaterThanOrEqual(19_000)
    expect(summary(...service).min).toBeGreaterThanOrEqual(19_000)
  })

  test('ends after its duration, with every call that was sent', async () => {
    const server = await startFakeMemcached()
    const {tally, intended, unsent} = await run(server.address, {durationSeconds: 0.1})
    expect(tally.ok).toBe(intended)
    expect(tally.ok).toBe(server.requests.length)
    expect(unsent).toBe(0)
  })

  test('reads values that come in pieces, and times them to their last byte', async () => {
    const DELAY_MS = 30
    const server = await startFakeMemcached(({key, socket}) => {
      socket.write(`VALUE ${key} 0 100000\r\n`)
      const rest = `${'END\r\n'.repeat(20_000)}\r\nEND\r\n`
      // In the turn after the next the client has read the first piece: only then does the time run.
      setImmediate(() => setImmediate(() => setTimeout(() => socket.write(rest), DELAY_MS)))
      return undefined
    })
    const mix = [{method: 'get' as const, weight: 1}]
    const {tally, response, service} = await run(server.address, {connections: 1, callsPerConnection: 3, mix})
    expect(tally).toMatchObject({ok: 3, hit: 3, errors: {}})
    // A timer may fire up to 1 ms early by the clock that measures.
    expect(summary(...response).min).toBeGreaterThanOrEqual((DELAY_MS - 1) * 1000)
    expect(summary(...service).min).toBeGreaterThanOrEqual((DELAY_MS - 1) * 1000)
  })
})

describe('open loop', () => {
  test('sends what the schedule holds, however slow the replies', async () => {
    const server = await startFakeMemcached(({socket}) => {
      setTimeout(() => socket.write('STORED\r\n'), 50)
      return undefined
    })
    // A number of calls, which has no end of its time after which late ones are given up.
    const {tally, slip} = await run(server.address, {ratePerSecond: 1000, callsPerConnection: 100})
    expect(tally).toMatchObject({sent: 200, ok: 200})
    expect(summary(slip).count).toBe(200)
  })

  test('counts a stall of the server in full: no coordinated omission', async () => {
    const stallMs = 300
    const server = await startFakeMemcached(({socket, index}) => {
      if (index !== 0) return 'STORED\r\n'
      socket.pause()
      setTimeout(() => {
        socket.write('STORED\r\n')
        socket.resume()
      }, stallMs)
      return undefined
    })
    const {tally, response} = await run(server.address, {connections: 1, ratePerSecond: 1000, callsPerConnection: 500})
    expect(tally.ok).toBe(500)
    // The calls due in the first 200 ms of the stall wait at least 100 ms; the first request may hold a few more of them.
    const counted = response[0]!
    const slow = counted.counts.reduce(
      (sum, count, i) => (counted.indexes[i]! >= counterIndex(100_000) ? sum + count : sum),
      0,
    )
    expect(slow).toBeGreaterThan(150)
    expect(counted.maxUs).toBeGreaterThan(250_000)
  })

  test('opens connections at their rate and gives each its calls', async () => {
    const opened: number[] = []
    const server = await startFakeMemcached(wellBehaved, () => opened.push(performance.now()))
    const begunMs = performance.now()
    const {tally} = await run(server.address, {
      connections: 10,
      connectionsPerSecond: 100,
      ratePerSecond: 2000,
      callsPerConnection: 20,
    })
    expect(tally).toMatchObject({sent: 200, ok: 200})
    expect(opened).toHaveLength(10)
    expect(opened.at(-1)! - begunMs).toBeGreaterThanOrEqual(90)
  })

  test('waits for a socket that is full, and sends every call in the end', async () => {
    const server = await startFakeMemcached(wellBehaved, socket => {
      socket.pause()
      setTimeout(() => socket.resume(), 200)
    })
    const {tally, bytesOut, heldUpCalls} = await run(server.address, {
      connections: 2,
      ratePerSecond: 1000,
      callsPerConnection: 100,
      sizes: {kind: 'fixed', bytes: 500_000},
    })
    expect(tally).toMatchObject({sent: 200, ok: 200})
    expect(bytesOut).toBeGreaterThan(100_000_000)
    expect(server.requests.every(({value}) => value?.length === 500_000)).toBe(true)
    expect(heldUpCalls).toBeGreaterThan(50)
  })
})

describe('failures', () => {
  test('a refused connection leaves its calls unsent', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const {port} = server.address() as {port: number}
    server.close()
    await once(server, 'close')
    const delta = await run({host: '127.0.0.1', port}, {})
    expect(delta).toMatchObject({intended: 20, unsent: 20, connectionErrors: {refused: 2}, tally: {sent: 0}})
  })

  test.each(['closed loop', 'open loop'])('a server that dies loses what was under way (%s)', async kind => {
    const server = await startFakeMemcached(request => {
      if (request.index < 50) return 'STORED\r\n'
      for (const socket of server.sockets) socket.resetAndDestroy()
      return undefined
    })
    const ratePerSecond = kind === 'open loop' ? 1000 : 0
    const delta = await run(server.address, {callsPerConnection: 100_000, ratePerSecond})
    expect(delta.tally.ok).toBeLessThanOrEqual(50)
    expect(delta.tally.lostWithConnection).toBeGreaterThan(0)
    expect(delta.unsent).toBeGreaterThan(100_000)
    expect(delta.connectionErrors).toEqual({reset: 2})
  })

  test('a server that closes its connections is named', async () => {
    const server = await startFakeMemcached(({socket}) => {
      socket.end('STORED\r\n')
      return undefined
    })
    const delta = await run(server.address, {connections: 1})
    expect(delta.tally).toMatchObject({ok: 1})
    expect(Object.keys(delta.connectionErrors)).toHaveLength(1)
  })

  test.each(['closed loop', 'open loop'])('a silent server costs one time-out a connection (%s)', async kind => {
    const server = await startFakeMemcached(() => undefined)
    const ratePerSecond = kind === 'open loop' ? 500 : 0
    const delta = await run(server.address, {timeoutMs: 100, callsPerConnection: 1000, ratePerSecond})
    expect(delta.tally.timedOut).toBeGreaterThanOrEqual(2)
    expect(delta.tally.ok).toBe(0)
    expect(delta.connectionErrors).toEqual({'call time-out': 2})
  })

  test('half a reply is a time-out too', async () => {
    const server = await startFakeMemcached(() => 'STOR')
    const delta = await run(server.address, {timeoutMs: 100, connections: 1})
    expect(delta.tally).toMatchObject({sent: 1, timedOut: 1})
  })

  test('error replies are counted by the words of the server', async () => {
    const server = await startFakeMemcached(({index}) => (index % 2 === 0 ? 'ERROR\r\n' : 'SERVER_ERROR busy\r\n'))
    const delta = await run(server.address, {connections: 1, callsPerConnection: 10})
    expect(delta.tally).toMatchObject({sent: 10, ok: 0, errors: {ERROR: 5, 'SERVER_ERROR busy': 5}})
  })

  test('rubbish ends the connection', async () => {
    const server = await startFakeMemcached(() => '\x00\xff\r\n')
    const delta = await run(server.address, {connections: 1, callsPerConnection: 10})
    expect(delta.tally).toMatchObject({sent: 1, errors: {}, lostWithConnection: 1})
    expect(delta.connectionErrors).toEqual({'out of step: an unknown reply for set': 1})
  })

  test('a reply to nothing ends the connection', async () => {
    const server = await startFakeMemcached(() => 'STORED\r\nSTORED\r\nSTORED\r\n')
    const delta = await run(server.address, {connections: 1})
    expect(delta.connectionErrors).toEqual({'reply without a request': 1})
    expect(delta.tally.ok).toBeGreaterThan(0)
  })

  test('endless bytes without a line end end the connection', async () => {
    const server = await startFakeMemcached(({socket}) => {
      socket.write(Buffer.alloc(1_000_000, 'x'))
      return undefined
    })
    const delta = await run(server.address, {connections: 1})
    expect(delta.connectionErrors).toEqual({'out of step: an unknown reply for set': 1})
  })
})

describe('stop()', () => {
  test('waits for replies under way and leaves the rest unsent', async () => {
    const server = await startFakeMemcached(({socket, index}) => {
      setTimeout(() => socket.write('STORED\r\n'), 20)
      if (index === 5) started?.stop()
      return undefined
    })
    let started: LoadLoop | undefined
    const delta = await run(server.address, {callsPerConnection: 100_000}, loop => {
      started = loop
    })
    expect(delta.tally).toMatchObject({lostWithConnection: 0, timedOut: 0})
    expect(delta.tally.ok).toBe(delta.tally.sent)
    expect(delta.unsent).toBe(200_000 - delta.tally.sent)
  })

  test('waits only so long: what has no reply then is unanswered', async () => {
    const server = await startFakeMemcached(() => undefined)
    const delta = await run(server.address, {callsPerConnection: 100, timeoutMs: 60_000}, loop => {
      const timer = setTimeout(() => loop.stop(), 50)
      onTestFinished(() => clearTimeout(timer))
    })
    expect(delta.tally).toMatchObject({sent: 2, lostWithConnection: 0, timedOut: 0, unanswered: 2})
    expect(delta.connectionErrors).toEqual({})
  })

  const ending = {connections: 1, durationSeconds: 0.1, ratePerSecond: 100, timeoutMs: 30_000}

  test('is not needed at the planned end, which waits for the time-out of a call', async () => {
    const server = await startFakeMemcached(({socket, index}) => {
      if (index >= 3) setTimeout(() => socket.write('STORED\r\n'), 1500)
      return index < 3 ? 'STORED\r\n' : undefined
    })
    const {tally} = await runLoopInVirtualTime({targets: [server.address], changes: ending})
    expect(tally).toMatchObject({sent: 10, ok: 10, unanswered: 0})
  })

  test('cuts the wait at the planned end short', async () => {
    const silent = await startFakeMemcached(() => undefined)
    const {tally, elapsedMs} = await runLoopInVirtualTime({
      targets: [silent.address],
      changes: ending,
      onStarted: loop => setTimeout(() => loop.stop(), 5000),
    })
    expect(tally).toMatchObject({sent: 10, unanswered: 10, timedOut: 0})
    expect(elapsedMs).toBeLessThan(7000)
  })
})
