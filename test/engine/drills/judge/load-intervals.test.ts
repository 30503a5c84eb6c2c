import {expect, test} from 'vitest'
import {
  type LoadInterval,
  LoadIntervals,
  unservedSecondsOf,
} from '../../../../src/engine/drills/judge/load-intervals.js'

/** A day, of which every hundredth fifth of a second was without any reply. */
const DAY = Array.from(
  {length: 24 * 3600 * 5},
  (_, index): LoadInterval => ({
    t: (index + 1) / 5,
    seconds: 0.2,
    opsPerSecond: index % 100 === 0 ? 0 : 2000 + (index % 7),
    errors: index % 3,
    p99: index % 100 === 0 ? null : 1000,
  }),
)

function sum(intervals: readonly LoadInterval[], of: (interval: LoadInterval) => number): number {
  return intervals.reduce((total, interval) => total + of(interval), 0)
}

test('a long soak has fewer intervals, which say the same of rate, errors and time without service', () => {
  const intervals = new LoadIntervals()
  const before = {t: 0, seconds: 0.2, opsPerSecond: 1, errors: 0, p99: 1}
  intervals.add(before, 'before')
  for (const interval of DAY) intervals.add(interval, 'during')
  intervals.add({...before, t: 86_400.2}, 'after')
  const [first, ...kept] = intervals.all().slice(0, -1)
  expect(first).toEqual(before)
  expect(kept.slice(-1500)).toEqual(DAY.slice(-1500))
  expect(sum(kept, ({seconds}) => seconds)).toBeCloseTo(86_400, 3)
  expect(sum(kept, ({errors}) => errors)).toBe(sum(DAY, ({errors}) => errors))
  expect(sum(kept, ({seconds, opsPerSecond}) => seconds * opsPerSecond)).toBeCloseTo(
    sum(DAY, ({seconds, opsPerSecond}) => seconds * opsPerSecond),
    0,
  )
  expect(sum(kept, unservedSecondsOf)).toBeCloseTo(sum(DAY, unservedSecondsOf), 3)
  expect(sum(DAY, unservedSecondsOf)).toBeCloseTo(864, 3)
  expect(kept.length).toBeLessThanOrEqual(3000)
})

test('intervals are joined only when there are more than three thousand of a fault', () => {
  const intervals = new LoadIntervals()
  for (const interval of DAY.slice(0, 3000)) intervals.add(interval, 'during')
  expect(intervals.all()).toHaveLength(3000)
  intervals.add(DAY[3000]!, 'after')
  intervals.add(DAY[3001]!, 'before')
  expect(intervals.all()).toHaveLength(3002)
  expect([intervals.all()[0], intervals.all().at(-1)]).toEqual([DAY[3001], DAY[3000]])
  intervals.add(DAY[3002]!, 'during')
  expect(intervals.all()).toHaveLength(3002 + 1 - 750)
})

test('a joined interval has the worst p99 of both, where one is known', () => {
  const joinedP99 = (...p99: readonly [number | null, number | null]) => {
    const intervals = new LoadIntervals()
    for (let index = 0; index <= 3000; index++) {
      intervals.add({t: index, seconds: 0.2, opsPerSecond: 1, errors: 0, p99: p99[index % 2]!}, 'during')
    }
    return intervals.all()[0]!.p99
  }
  expect(joinedP99(5, 7)).toBe(7)
  expect(joinedP99(7, 5)).toBe(7)
  expect(joinedP99(null, 5)).toBe(5)
  expect(joinedP99(7, null)).toBe(7)
  expect(joinedP99(null, null)).toBeNull()
})

test('an interval of a twentieth of a second is whole; a shorter one without a reply is no time without service', () => {
  const silent = {t: 1, opsPerSecond: 0, errors: 0, p99: null}
  expect(unservedSecondsOf({...silent, seconds: 0.05})).toBe(0.05)
  expect(unservedSecondsOf({...silent, seconds: 0.049})).toBe(0)
})
