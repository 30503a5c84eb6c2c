import {expect, test} from 'vitest'
import {Outages} from '../../src/engine/outages.js'

/** Each fails 10 ms after a good reply, and is served again after its length. */
function withOutages(lengthsMs: readonly number[]): Outages {
  const outages = new Outages()
  let now = 0
  outages.served(now)
  for (const lengthMs of lengthsMs) {
    outages.failed(now + 10)
    now += lengthMs
    outages.served(now)
    now += 1000
    outages.served(now)
  }
  return outages
}

function lengths(outages: Outages): number[] {
  return outages.list().map(({fromMs, toMs}) => toMs! - fromMs)
}

test('a failure within an outage belongs to it', () => {
  const outages = new Outages()
  outages.served(0)
  outages.failed(10)
  outages.failed(20)
  expect(outages.list()).toEqual([{fromMs: 0, failedMs: 10, toMs: null}])
  outages.served(30)
  expect(outages.list()).toEqual([{fromMs: 0, failedMs: 10, toMs: 30}])
})

test('of very many outages the first and the longest are kept, oldest first', () => {
  const many = Array.from({length: 100}, (_, index) => 100 + index)
  expect(lengths(withOutages(many.slice(0, 32)))).toEqual(many.slice(0, 32))
  expect(lengths(withOutages(many))).toEqual([100, ...many.slice(-31)])
  expect(lengths(withOutages([...many].reverse()))).toEqual([...many].reverse().slice(0, 32))
  expect(lengths(withOutages([50, ...Array<number>(40).fill(60), 900])).at(-1)).toBe(900)
})
