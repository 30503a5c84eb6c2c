import type {Socket} from 'node:net'
import {expect, test} from 'vitest'
import type {MethodName} from '../../../src/engine/data/methods.js'
import type {LoadPlan} from '../../../src/engine/plan/plan.js'
import {ask} from '../../helpers/ask.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {runLoop} from '../helpers/run-loop.js'

const only = (method: MethodName): LoadPlan['mix'] => [{method, weight: 1}]

test('keeps so many calls under way as the pipeline has, and no more', async () => {
  let underWay = 0
  let most = 0
  const {address} = await startFakeMemcached(({socket}) => {
    most = Math.max(most, ++underWay)
    setImmediate(() => {
      underWay--
      socket.write('STORED\r\n')
    })
    return undefined
  })
  const {tally} = await runLoop({targets: [address], changes: {connections: 1, callsPerConnection: 500, pipeline: 16}})
  expect(tally).toMatchObject({sent: 500, ok: 500})
  expect(most).toBeGreaterThan(1)
  expect(most).toBeLessThanOrEqual(16)
})

test('a cas is a cycle of gets and cas, and one operation', async () => {
  const {address, node} = await startEmbedded()
  const plan = {connections: 3, callsPerConnection: 40, keyCount: 10, mix: only('cas')}
  const missing = await runLoop({targets: [address], changes: plan})
  expect(missing.tally).toMatchObject({sent: 120, ok: 0, miss: 120, errors: {}})

  await runLoop({targets: [address], changes: {...plan, mix: only('set'), callsPerConnection: 4}})
  const {tally, response} = await runLoop({targets: [address], changes: plan})
  expect(tally.ok + tally.miss).toBe(120)
  expect(tally.ok).toBeGreaterThan(0)
  expect(tally.errors).toEqual({})
  expect(response[0]!.count).toBe(120)
  const stats = await ask(address, 'stats')
  const stat = (name: string) => Number(new RegExp(`STAT ${name} (\\d+)`).exec(stats)?.[1])
  // What another connection changed in between is a miss.
  expect([stat('cas_hits'), stat('cas_badval')]).toEqual([tally.ok, tally.miss])
  await node.stop()
})

test('a pipelined open loop finds the unique of each cas among all replies', async () => {
  const {address} = await startEmbedded()
  const changes = {connections: 1, keyCount: 50, ratePerSecond: 20_000, durationSeconds: 0.2}
  await runLoop({targets: [address], changes: {...changes, mix: only('set')}})
  const mix = [
    {method: 'cas' as const, weight: 1},
    {method: 'get' as const, weight: 1},
  ]
  const {tally} = await runLoop({targets: [address], changes: {...changes, mix, keyDistribution: {kind: 'uniform'}}})
  expect(tally.errors).toEqual({})
  expect(tally.ok + tally.miss).toBe(tally.sent)
  expect(tally.hit).toBeGreaterThan(1000)
})

test('a unique waits for the end of its reply, whatever other connections read meanwhile', async () => {
  const uniques = new Map<Socket, string>()
  const wrong: string[] = []
  const {address} = await startFakeMemcached(({method, key, line, index, socket}) => {
    if (method === 'cas') {
      if (!line.endsWith(` ${uniques.get(socket)}`)) wrong.push(line)
      return 'STORED\r\n'
    }
    uniques.set(socket, String(10 ** (index % 15) + index))
    socket.write(`VALUE ${key} 0 1 ${uniques.get(socket)}\r\nx\r\n`)
    setTimeout(() => socket.write('END\r\n'), 1)
    return undefined
  })
  const {tally} = await runLoop({
    targets: [address],
    changes: {connections: 8, callsPerConnection: 20, mix: only('cas')},
  })
  expect(wrong).toEqual([])
  expect(tally).toMatchObject({sent: 160, ok: 160})
})

test.each(['incr', 'touch', 'delete'] as const)('%s does its work where there is something', async method => {
  const {address} = await startEmbedded()
  const changes = {connections: 2, callsPerConnection: 10, keyCount: 20, sizes: {kind: 'fixed' as const, bytes: 1}}
  await runLoop({targets: [address], changes: {...changes, mix: only('set'), keyCount: 10}})
  const {tally} = await runLoop({targets: [address], changes: {...changes, mix: only(method)}})
  expect(tally).toMatchObject({sent: 20, ok: 10, miss: 10, errors: {}})
})

test('a get of many keys counts keys as well as calls', async () => {
  const {address} = await startEmbedded()
  await runLoop({targets: [address], changes: {callsPerConnection: 50, keyCount: 100}})
  const {tally, keysRead, keysFound} = await runLoop({
    targets: [address],
    changes: {callsPerConnection: 20, keyCount: 200, multigetKeys: 25, mix: only('get')},
  })
  expect(tally).toMatchObject({sent: 40, errors: {}})
  expect(tally.ok + tally.miss).toBe(40)
  expect([keysRead, keysFound]).toEqual([1000, 500])
})

test('the hit ratio of reads is as asked for', async () => {
  const {address} = await startEmbedded()
  await runLoop({targets: [address], changes: {callsPerConnection: 50, keyCount: 100}})
  const {tally, keysRead, keysFound} = await runLoop({
    targets: [address],
    changes: {callsPerConnection: 2000, keyCount: 100, hitRatio: 0.8, mix: only('get'), pipeline: 8},
  })
  expect(keysRead).toBe(4000)
  expect(tally.hit).toBe(keysFound)
  expect(tally.hit / 4000).toBeCloseTo(0.8, 1)
})

test('commands without replies are complete when they are sent, and all have been taken at the end', async () => {
  const {address} = await startEmbedded()
  const {tally, response} = await runLoop({
    targets: [address],
    changes: {connections: 3, callsPerConnection: 1000, noreply: true},
  })
  expect(tally).toMatchObject({sent: 3000, ok: 3000, errors: {}, lostWithConnection: 0})
  expect(response[0]!.count).toBe(3000)
  expect(await ask(address, 'stats')).toContain('STAT cmd_set 3000\r\n')
})

test('a refusal that comes though no reply was wanted is an error', async () => {
  const {address} = await startFakeMemcached(({method, index}) => {
    if (method === 'version') return 'VERSION 1\r\n'
    return index === 3 ? 'SERVER_ERROR out of memory storing object\r\n' : undefined
  })
  const {tally} = await runLoop({targets: [address], changes: {connections: 1, callsPerConnection: 10, noreply: true}})
  expect(tally).toMatchObject({sent: 10, ok: 9, errors: {'SERVER_ERROR out of memory storing object': 1}})
})

test('a list of calls is shared without a remainder', async () => {
  const {address} = await startEmbedded()
  const {tally} = await runLoop({targets: [address], calls: 103, changes: {connections: 10, keyCount: 103}})
  expect(tally).toMatchObject({sent: 103, ok: 103})
  expect(await ask(address, 'stats')).toContain('STAT curr_items 103\r\n')
})
