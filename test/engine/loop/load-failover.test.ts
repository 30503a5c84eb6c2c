import {once} from 'node:events'
import {createServer} from 'node:net'
import {expect, onTestFinished, test} from 'vitest'
import type {Address} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached, wellBehaved} from '../../helpers/fake-memcached.js'
import {runLoop, runLoopInVirtualTime} from '../helpers/run-loop.js'

const open = {ratePerSecond: 2000, connections: 4}

/** A port where nobody listens now. */
async function deadPort(): Promise<Address> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const {port} = server.address() as {port: number}
  server.close()
  await once(server, 'close')
  return {host: '127.0.0.1', port}
}

test('a connection that is reset is opened again, and what was due meanwhile is sent late', async () => {
  let resets = 0
  const {address} = await startFakeMemcached(request => {
    if (request.index % 700 !== 699) return wellBehaved(request)
    resets++
    request.socket.resetAndDestroy()
    return undefined
  })
  const {tally, intended, unsent, connections, connectionErrors} = await runLoopInVirtualTime({
    targets: [address],
    changes: {...open, durationSeconds: 1.5, reconnect: true},
  })
  expect(intended).toBe(3000)
  expect(unsent).toBe(0)
  expect(tally.lostWithConnection).toBeGreaterThan(0)
  expect(connections).toMatchObject({opened: 4, reopened: resets, failedOver: 0})
  expect(connectionErrors).toEqual({reset: resets})
})

test('without reconnect the calls of a lost connection are given up', async () => {
  const {address} = await startFakeMemcached(request => {
    if (request.index !== 100) return wellBehaved(request)
    request.socket.resetAndDestroy()
    return undefined
  })
  const {intended, unsent, connections} = await runLoopInVirtualTime({
    targets: [address],
    changes: {...open, durationSeconds: 1},
  })
  expect(intended).toBe(2000)
  expect(unsent).toBeGreaterThan(300)
  expect(connections.reopened).toBe(0)
})

test('connections go to the other node when theirs dies, and back when it answers again', async () => {
  const second = await startEmbedded()
  const first = await startEmbedded()
  const {port} = first.address
  const changes = {...open, durationSeconds: 4, failover: true}
  const run = runLoopInVirtualTime({
    targets: [first.address, second.address],
    changes,
    onStarted: () => {
      setTimeout(() => void first.node.stop(), 500)
      setTimeout(() => void startEmbedded({port}), 1500)
    },
  })
  const {tally, intended, unsent, connections} = await run
  expect([intended, unsent]).toEqual([8000, 0])
  expect(tally.ok + tally.lostWithConnection).toBe(8000)
  expect(tally.lostWithConnection).toBeLessThan(100)
  expect(connections).toMatchObject({opened: 4, failedOver: 4, failedBack: 4})
})

test.each([
  ['never', null, 0, 2],
  ['once it has answered for half a second', 500, 4, 3],
] as const)('back to the first node: %s', async (_, switchBackMs, failedBack, durationSeconds) => {
  const second = await startEmbedded()
  const first = await startEmbedded()
  const {port} = first.address
  const {connections} = await runLoopInVirtualTime({
    targets: [first.address, second.address],
    changes: {...open, durationSeconds, failover: true, switchBackMs},
    onStarted: () => {
      setTimeout(() => {
        void first.node.stop().then(() => startEmbedded({port}))
      }, 300)
    },
  })
  expect(connections).toMatchObject({failedOver: 4, failedBack})
})

test('a node that was given up is asked after as long as the policy says', async () => {
  const second = await startEmbedded()
  const first = await startEmbedded()
  const {port} = first.address
  const backMs: number[] = []
  await runLoopInVirtualTime({
    targets: [first.address, second.address],
    changes: {...open, durationSeconds: 4, failover: true, homeAsked: {firstMs: 2000, maxMs: 30_000, factor: 2}},
    onStarted: loop => {
      setTimeout(() => void first.node.stop().then(() => startEmbedded({port})), 300)
      for (let ms = 1500; ms < 4000; ms += 100) {
        setTimeout(() => backMs.push(loop.takeDelta().connections.failedBack === 4 ? ms : 0), ms)
      }
    },
  })
  const firstBackMs = backMs.find(ms => ms > 0)
  expect(firstBackMs).toBeGreaterThan(1700)
  expect(firstBackMs).toBeLessThan(3000)
})

test('retries keep a client at a node that is back soon', async () => {
  const second = await startEmbedded()
  const first = await startEmbedded()
  const {port} = first.address
  const {connections} = await runLoopInVirtualTime({
    targets: [first.address, second.address],
    changes: {...open, durationSeconds: 2, failover: true, retries: 200, retryDelayMs: 20},
    onStarted: () => {
      setTimeout(() => {
        void first.node.stop().then(() => startEmbedded({port}))
      }, 300)
    },
  })
  expect(connections).toMatchObject({failedOver: 0, reopened: 4})
})

test('connections spread over both nodes', async () => {
  const nodes = [await startFakeMemcached(), await startFakeMemcached()]
  await runLoop({targets: nodes.map(({address}) => address), spread: true, changes: {connections: 6}})
  expect(nodes.map(({requests}) => requests.length)).toEqual([30, 30])
})

test('a node that never comes back does not keep a run from its end', async () => {
  const address = await deadPort()
  const {tally, intended, unsent} = await runLoopInVirtualTime({
    targets: [address],
    changes: {...open, durationSeconds: 0.5, reconnect: true},
  })
  expect([intended, unsent, tally.sent]).toEqual([1000, 1000, 0])
})

test('a server that accepts and never answers times each call out, again and again', async () => {
  const server = createServer(socket => socket.on('error', () => {})).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = {host: '127.0.0.1', port: (server.address() as {port: number}).port}
  const {tally, intended, unsent, connections} = await runLoop({
    targets: [address],
    changes: {connections: 2, ratePerSecond: 100, durationSeconds: 1, timeoutMs: 100, reconnect: true},
  })
  expect(intended).toBe(100)
  expect(tally.timedOut).toBeGreaterThan(0)
  expect(tally.timedOut + tally.lostWithConnection + unsent).toBe(100)
  expect(connections.reopened).toBeGreaterThan(2)
})
