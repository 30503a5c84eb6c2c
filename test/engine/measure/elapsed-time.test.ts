import {expect, test} from 'vitest'
import {ElapsedTime} from '../../../src/engine/measure/elapsed-time.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {runLoopInVirtualTime} from '../helpers/run-loop.js'

test('a load is over at its planned end, when all is sent, or with the last reply after that', () => {
  const elapsed = new ElapsedTime()
  expect(elapsed.soFarMs({nowMs: 500, isAllSent: false, lastReadMs: 0})).toBe(0)
  elapsed.start(1000, 3000)
  expect(elapsed.soFarMs({nowMs: 2000, isAllSent: true, lastReadMs: 1900})).toBe(1000)
  // Calls that are late are sent yet.
  expect(elapsed.soFarMs({nowMs: 3100, isAllSent: false, lastReadMs: 3100})).toBe(2100)
  expect(elapsed.soFarMs({nowMs: 3200, isAllSent: true, lastReadMs: 3050})).toBe(2100)
  expect(elapsed.soFarMs({nowMs: 3900, isAllSent: true, lastReadMs: 3800})).toBe(2800)
  expect(elapsed.soFarMs({nowMs: 9000, isAllSent: true, lastReadMs: 3800})).toBe(2800)
})

test('a load that is stopped goes on to there', () => {
  const elapsed = new ElapsedTime()
  elapsed.start(1000, 9000)
  elapsed.stop(2000)
  expect(elapsed.soFarMs({nowMs: 3000, isAllSent: true, lastReadMs: 1500})).toBe(1000)
})

test.each([
  ['open loop', {ratePerSecond: 100}],
  ['closed loop', {pipeline: 1}],
] as const)('calls that are never answered do not make it longer (%s)', async (_, changes) => {
  const {address} = await startFakeMemcached(({index}) => (index === 9 ? undefined : 'STORED\r\n'))
  const {tally, elapsedMs} = await runLoopInVirtualTime({
    targets: [address],
    changes: {connections: 2, durationSeconds: 0.4, timeoutMs: 5000, ...changes},
  })
  expect(tally.timedOut).toBeGreaterThanOrEqual(1)
  expect(elapsedMs).toBeGreaterThanOrEqual(400)
  expect(elapsedMs).toBeLessThan(410)
})
