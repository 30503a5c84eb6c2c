import {expect, test} from 'vitest'
import {LagProbe} from '../../src/engine/lag-probe.js'
import type {LagSample} from '../../src/engine/lag-record.js'
import {startEmbedded} from '../helpers/embedded.js'
import {startFakeMemcached} from '../helpers/fake-memcached.js'
import {waitFor} from '../helpers/wait-for.js'

test('a value that never crosses is counted as such, and the probe goes on', async () => {
  const [{address: a}, {address: b}] = [await startEmbedded(), await startEmbedded()]
  const samples: LagSample[] = []
  const probe = new LagProbe({a, b, intervalMs: 1, limitMs: 20, onSample: sample => samples.push(sample)})
  await waitFor(() => expect(samples.length).toBeGreaterThan(3))
  await probe.stop()
  expect(samples.every(({lagUs}) => lagUs === null)).toBe(true)
  expect(probe.record.worstLagMs(0)).toBe(0)
  expect(probe.record.crossedSince(0)).toBe(false)
  const {aToB, bToA} = probe.record.summary()
  expect([aToB.count, bToA.count]).toEqual([0, 0])
  expect(aToB.notCrossed + bToA.notCrossed).toBe(samples.length)
})

test('the lag is the time from the acknowledgement to the first look that finds the value', async () => {
  const DELAY_MS = 30
  const store = new Map<string, {value: string; atMs: number}>()
  const answer = (delayMs: number) =>
    startFakeMemcached(({method, key, value, socket}) => {
      if (method === 'set') {
        store.set(key, {value: String(value), atMs: performance.now()})
        return 'STORED\r\n'
      }
      const held = store.get(key)
      const visible = held !== undefined && performance.now() - held.atMs >= delayMs
      socket.write(visible ? `VALUE ${key} 0 ${held.value.length}\r\n${held.value}\r\nEND\r\n` : 'END\r\n')
      return undefined
    })
  const [master, slave] = [await answer(0), await answer(DELAY_MS)]
  const probe = new LagProbe({a: master.address, b: slave.address, intervalMs: 1})
  // The smallest of several: any one of them may have had to wait for the machine.
  await waitFor(() => expect(probe.record.summary().aToB.count).toBeGreaterThan(10))
  expect(probe.record.crossedSince(0)).toBe(true)
  await probe.stop()
  const {aToB, bToA} = probe.record.summary()
  expect(probe.record.worstLagMs(0)).toBeGreaterThan(DELAY_MS - 2)
  expect(probe.record.worstLagMs(performance.now())).toBe(0)
  expect(aToB.min).toBeGreaterThan((DELAY_MS - 2) * 1000)
  expect(bToA.min).toBeLessThan(aToB.min!)
})

test('a node that is not there is waited for', async () => {
  const {address: a} = await startEmbedded()
  const probe = new LagProbe({a, b: {host: '127.0.0.1', port: 1}, intervalMs: 1, limitMs: 10})
  await waitFor(() => expect(probe.record.summary().aToB.notCrossed).toBeGreaterThan(1))
  expect(probe.record.summary().bToA.notCrossed).toBe(0)
  await probe.stop()
})
