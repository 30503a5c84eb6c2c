import {expect, test} from 'vitest'
import type {Connection} from '../../../src/engine/loop/connection.js'
import {Outages, outagesOf} from '../../../src/engine/measure/outages.js'

/** Each fails 10 ms after a good reply, and is served again after its length. */
function withOutages(lengthsMs: readonly number[]): Outages {
  const outages = new Outages()
  let now = 0
  outages.served(now, now)
  for (const lengthMs of lengthsMs) {
    outages.failed(now + 10, 'reset')
    now += lengthMs
    outages.served(now, now)
    now += 1000
    outages.served(now, now)
  }
  return outages
}

function lengths(outages: Outages): number[] {
  return outages.list().map(({fromMs, toMs}) => toMs! - fromMs)
}

test('a failure within an outage belongs to it, and the last attempt before the reply is the one that led to it', () => {
  const outages = new Outages()
  outages.attempted(-5)
  outages.served(0, 0)
  outages.failed(10, 'reset')
  outages.attempted(15)
  outages.failed(20, 'refused')
  const open = {fromMs: 0, failedMs: 10, failure: 'reset', attemptMs: 15, toMs: null}
  expect(outages.list()).toEqual([open])
  outages.attempted(25)
  outages.served(30, 26)
  expect(outages.list()).toEqual([{...open, attemptMs: 25, toMs: 30}])
})

test('a call that waits long is an outage, though the connection holds; those that wait with it are the same', () => {
  const outages = new Outages()
  outages.served(1000, 999)
  outages.served(2300, 1010)
  outages.served(2300, 1020)
  outages.served(2301, 1900)
  expect(outages.list()).toEqual([{fromMs: 1000, failedMs: 1010, failure: null, attemptMs: null, toMs: 2300}])
  outages.served(2400, 2301)
  expect(outages.list()).toHaveLength(1)
})

test('a call that waits when the connection is closed has an outage without an end', () => {
  const outages = new Outages()
  outages.served(1000, 999)
  outages.leftWaiting(1100, 1010)
  expect(outages.list()).toEqual([])
  outages.leftWaiting(1600, 1010)
  expect(outages.list()).toEqual([{fromMs: 1000, failedMs: 1010, failure: null, attemptMs: null, toMs: null}])
})

test('of very many outages the first and the longest are kept, oldest first', () => {
  const many = Array.from({length: 100}, (_, index) => 100 + index)
  expect(lengths(withOutages(many.slice(0, 32)))).toEqual(many.slice(0, 32))
  expect(lengths(withOutages(many))).toEqual([100, ...many.slice(-31)])
  expect(lengths(withOutages([...many].reverse()))).toEqual([...many].reverse().slice(0, 32))
  expect(lengths(withOutages([50, ...Array<number>(40).fill(60), 900])).at(-1)).toBe(900)
})

test('a load that never began has no outages: nobody missed anything', () => {
  const outages = new Outages()
  outages.failed(10, 'refused')
  const connection = {index: 0, outages} as Connection
  expect(outagesOf([connection], Number.POSITIVE_INFINITY)).toEqual([])
  expect(outagesOf([connection], 5)).toMatchObject([{failed: 0.005, from: null, to: null}])
})

test('a wait of half a second is an outage, a shorter one is none', () => {
  const held = (waitMs: number) => {
    const outages = new Outages()
    outages.served(1000, 1000)
    outages.served(2000 + waitMs, 2000)
    return outages.list()
  }
  expect(held(499)).toEqual([])
  expect(held(500)).toEqual([{fromMs: 1000, failedMs: 2000, failure: null, attemptMs: null, toMs: 2500}])
})

test('a call that was sent at the moment of the last good reply waited for itself', () => {
  const outages = new Outages()
  outages.served(1000, 900)
  outages.served(1700, 1000)
  expect(outages.list()).toMatchObject([{fromMs: 1000, failedMs: 1000, toMs: 1700}])
})

test('a wait that a held connection ends is over: a later failure is another outage', () => {
  const outages = new Outages()
  outages.attempted(0)
  outages.served(10, 5)
  outages.served(1000, 20)
  outages.served(1001, 1000)
  outages.failed(1100, 'reset')
  expect(outages.list()).toEqual([
    {fromMs: 10, failedMs: 20, failure: null, attemptMs: null, toMs: 1000},
    {fromMs: 1001, failedMs: 1100, failure: 'reset', attemptMs: null, toMs: null},
  ])
})

test('a connection that is closed while it fails already has one outage, from its failure on', () => {
  const outages = new Outages()
  outages.served(10, 5)
  outages.failed(100, 'reset')
  outages.leftWaiting(5000, 50)
  expect(outages.list()).toMatchObject([{failedMs: 100, failure: 'reset'}])
})

test('a call that has waited half a second when its connection is closed is an outage', () => {
  const left = (waitMs: number) => {
    const outages = new Outages()
    outages.leftWaiting(1000 + waitMs, 1000)
    return outages.list().length
  }
  expect([left(499), left(500)]).toEqual([0, 1])
})

test('of outages of one length the older go first', () => {
  const outages = withOutages(Array<number>(33).fill(60))
  const list = outages.list()
  expect(list[0]!.fromMs).toBe(0)
  // The second is the one that gave way.
  expect(list[1]!.fromMs).toBe(2 * 1060)
})

test('outages are told in seconds from the start of the load', () => {
  const outages = new Outages()
  outages.served(1500, 1400)
  outages.failed(2000, 'reset')
  outages.attempted(2250)
  outages.served(3000, 2500)
  expect(outagesOf([{index: 7, outages}], 1000)).toEqual([
    {connection: 7, from: 0.5, failed: 1, failure: 'reset', attempt: 1.25, to: 2},
  ])
  outages.failed(4000, 'refused')
  expect(outagesOf([{index: 7, outages}], 1000)[1]).toEqual({
    connection: 7,
    from: 2,
    failed: 3,
    failure: 'refused',
    attempt: null,
    to: null,
  })
})
