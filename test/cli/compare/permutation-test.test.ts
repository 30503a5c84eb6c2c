import {expect, test} from 'vitest'
import {detectableDifference, pooledDeviation, tQuantile} from '../../../src/cli/compare/detectable-change.js'
import {choose, drawInOutliers, testGroups, testPairs} from '../../../src/cli/compare/permutation-test.js'

test('two groups apart: only they and their mirror image are so far apart', () => {
  const groups = testGroups([[1, 2, 3, 4, 11, 12, 13, 14]], 4)
  expect(groups).toMatchObject({arrangements: 70, exact: true, differences: [10]})
  expect(groups.pValues[0]).toBeCloseTo(2 / 70, 12)
})

test('the mean difference of groups of unequal size, counted by hand', () => {
  // Of the ten ways to choose the second group of two from 1 2 3 4 10, its sum is 14 or more once and 3 or less once
  // (the mean differs by at least 14/2 − 6/3 = 5 from that of the others in one more: 1 + 2 gives −4.17).
  expect(testGroups([[1, 2, 3, 4, 10]], 3).pValues[0]).toBeCloseTo(1 / 10, 12)
})

test("Darwin's maize: as Fisher counted, 1,726 of the 32,768 ways to turn the pairs differ as much", () => {
  const eighths = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]
  const {pValues, arrangements, exact} = testPairs([eighths])
  expect({arrangements, exact}).toEqual({arrangements: 32_768, exact: true})
  expect(pValues[0]).toBeCloseTo(1726 / 32_768, 12)
})

test('pairs that all go one way', () => {
  expect(testPairs([[3, 1, 2, 4, 2, 3]]).pValues[0]).toBeCloseTo(2 / 64, 12)
})

test('an outlier does not decide for all the pairs', () => {
  const others = [1, 1.1, 0.9, 1.2, 1, 0.8, 1.1, 0.9, 1]
  // Taken as it is, it would outweigh them and turn the difference round.
  const {pValues, differences} = testPairs([drawInOutliers([...others, -40])])
  expect(pValues[0]).toBeLessThan(0.1)
  expect(differences[0]).toBeGreaterThan(0.5)
})

test('the more columns, the more one of them has to tell; the p values keep the order of what they tell', () => {
  const clear = [9, 8, 9.5, 8.5, 9, 8.8, 9.2]
  const noise = [1, -2, 0.5, -0.4, 2, -1, 0.2]
  const alone = testPairs([noise]).pValues[0]!
  const {pValues} = testPairs([noise, clear, noise.toReversed()])
  expect(pValues[0]).toBeGreaterThanOrEqual(alone)
  expect(pValues[1]).toBeCloseTo(2 / 128, 12)
  expect(pValues[1]).toBeLessThan(pValues[2]!)
})

test('columns without any difference tell nothing', () => {
  expect(testPairs([[0, 0, 0, 0, 0, 0]]).pValues).toEqual([1])
  expect(testGroups([[5, 5, 5, 5, 5, 5, 5, 5]], 4).pValues).toEqual([1])
})

test('what is missing is counted on neither side', () => {
  const whole = testPairs([[3, 1, 2, 4, 2, 3]]).pValues[0]
  expect(testPairs([[3, null, 1, 2, 4, null, 2, 3]]).pValues[0]).toBeCloseTo(whole!, 12)
  expect(testGroups([[1, null, 2, 3, 4, 11, 12, null, 13, 14]], 5)).toMatchObject({differences: [10]})
})

test('of very many ways some are drawn, always the same', () => {
  const column = Array.from({length: 40}, (_, index) => Math.sin(index * 7) + (index < 20 ? 0 : 0.6))
  const first = testGroups([column], 20)
  expect(first).toMatchObject({exact: false, arrangements: 200_000})
  expect(testGroups([column], 20)).toEqual(first)
  // The exact one of these runs is near that of Student's t with 38 degrees of freedom.
  expect(first.pValues[0]).toBeCloseTo(studentsP(column), 2)
})

test('ways to choose', () => {
  expect([choose(8, 4), choose(20, 10), choose(5, 0)]).toEqual([70, 184_756, 1])
})

test.each([
  [0.975, 1, 12.706],
  [0.975, 2, 4.303],
  [0.975, 5, 2.571],
  [0.975, 10, 2.228],
  [0.995, 9, 3.25],
  [0.9, 9, 1.383],
  [0.975, 120, 1.98],
])("Student's t at %f with %i degrees of freedom is %f, as in the tables", (share, degreesOfFreedom, value) => {
  expect(tQuantile(share, degreesOfFreedom)).toBeCloseTo(value, 3)
})

test('what could have been seen grows with the deviation and shrinks with the number of runs', () => {
  expect(
    pooledDeviation([
      [1, 2, 3],
      [11, 12, 13],
    ]),
  ).toBeCloseTo(1, 12)
  const of = (deviation: number, count: number) =>
    detectableDifference({deviation, scale: Math.sqrt(1 / count), degreesOfFreedom: count - 1, significance: 0.05})
  expect(of(1, 10)).toBeCloseTo((2.262 + 1.383) / Math.sqrt(10), 2)
  expect(of(2, 10)).toBeCloseTo(2 * of(1, 10), 12)
  expect(of(1, 20)).toBeLessThan(of(1, 10))
})

/** Two-sided, of two groups of twenty, by looking for the quantile that t is. */
function studentsP(column: readonly number[]): number {
  const groups = [column.slice(0, 20), column.slice(20)]
  const [first = 0, second = 0] = groups.map(values => values.reduce((sum, value) => sum + value, 0) / 20)
  const t = Math.abs(second - first) / (pooledDeviation(groups) * Math.sqrt(1 / 10))
  let [low, high] = [0.5, 1]
  for (let step = 0; step < 40; step++) {
    const middle = (low + high) / 2
    if (tQuantile(middle, 38) < t) low = middle
    else high = middle
  }
  return 2 * (1 - low)
}
