import {expect, it} from 'vitest'
import {RecheckPace} from '../../../src/server/observe/recheck-pace.js'

it('checks a doubt five times in a second, and not again before there are news', () => {
  const pace = new RecheckPace()
  let nowMs = 1000
  const waits = Array.from({length: 6}, () => {
    const waitMs = pace.next(nowMs)
    nowMs += waitMs ?? 1000
    return waitMs
  })
  expect(waits).toEqual([30, 60, 120, 240, 480, null])
  expect(pace.next(nowMs + 50_000)).toBeNull()
  pace.begin()
  expect(pace.next(nowMs)).toBe(30)
})

it('begins anew by itself after a minute without a check', () => {
  const pace = new RecheckPace()
  for (let check = 0; check < 5; check++) pace.next(0)
  expect(pace.next(60_400)).toBeNull()
  expect(pace.next(61_000)).toBe(30)
})
