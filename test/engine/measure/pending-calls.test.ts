import {expect, test} from 'vitest'
import {
  asSecondHalf,
  BARRIER,
  isNoOperation,
  isSecondHalf,
  methodOf,
  PendingCalls,
  WITNESS,
} from '../../../src/engine/measure/pending-calls.js'

test('a mark tells the place in the mix, the second half of a cas, and what is no operation', () => {
  for (const place of [0, 1, 63]) {
    const mark = asSecondHalf(place)
    expect([methodOf(place), methodOf(mark)]).toEqual([place, place])
    expect([isSecondHalf(place), isSecondHalf(mark)]).toEqual([false, true])
    expect([isNoOperation(place), isNoOperation(mark)]).toEqual([false, false])
  }
  expect([isNoOperation(BARRIER), isNoOperation(WITNESS)]).toEqual([true, true])
})

test('the calls of a connection can be looked up from the oldest on, also when the ring has turned', () => {
  const pending = new PendingCalls()
  const push = (sentMs: number) => pending.push({intendedMs: sentMs, sentMs, method: 0, key: 0, size: 0})
  for (const sentMs of [1, 2, 3]) push(sentMs)
  pending.shift()
  pending.shift()
  for (const sentMs of [4, 5, 6]) push(sentMs)
  const all = () => Array.from({length: pending.count}, (_, place) => pending.sentMsOf(place))
  expect(all()).toEqual([3, 4, 5, 6])
  push(7)
  expect(all()).toEqual([3, 4, 5, 6, 7])
})
