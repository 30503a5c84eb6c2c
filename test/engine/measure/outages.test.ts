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
