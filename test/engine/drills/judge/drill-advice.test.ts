import {describe, expect, test} from 'vitest'
import {countDiverged} from '../../../../src/engine/drills/judge/count-diverged.js'
import {adviseOn, evictedKeys, lostOwnKeys} from '../../../../src/engine/drills/judge/drill-advice.js'
import type {DrillResult} from '../../../../src/engine/drills/judge/drill-result.js'
import {makeCheck, makeDrillResult, makeRpo} from '../../helpers/drill-results.js'

const advice = 'start it again'
const lost = makeRpo({atEnd: {writes: 3, keys: 3, ms: 1, first: 1, last: 1}})
const times = {fault: 3, recover: 5, paired: 6, settled: true, end: 8}
const adviceOf = (changes: Partial<DrillResult>, prevention?: string) =>
  adviseOn(makeDrillResult(changes), prevention === undefined ? {advice} : {advice, prevention})

type Comparison = DrillResult['comparison']
const compared = (fields: Partial<NonNullable<Comparison>>): Comparison =>
  ({absence: 'lost', onNeither: 0, differences: {}, ...fields}) as Comparison

describe('an operator', () => {
  test('has nothing to do after a drill that ended well', () => {
    expect(adviceOf({})).toBeNull()
  })

  test('is told nothing as long as it is unknown whether the pair recovered', () => {
    expect(adviceOf({times: null, rpo: lost})).toBeNull()
    expect(adviceOf({times: {...times, paired: null, settled: false}, rpo: lost})).toBeNull()
  })

  test('has to mend the pair when it did not recover, at the end or after any fault of a soak', () => {
    expect(adviceOf({times: {...times, paired: null}})).toBe(advice)
    const faults = (...wholeAfterMs: (number | null)[]) =>
      wholeAfterMs.map((ms, number) => ({
        number,
        fault: 'x',
        t: 1,
        wholeAfterMs: ms,
      })) as unknown as DrillResult['faults']
    expect(adviceOf({faults: faults(100, null)})).toBe(advice)
    expect(adviceOf({faults: faults(100, 200)})).toBeNull()
  })

  test('has to write again what is lost, and first of all what the nodes do not hold alike', () => {
    expect(adviceOf({rpo: lost})).toContain('lost writes are gone')
    expect(adviceOf({rpo: lost, check: makeCheck({diverged: 1})})).toContain('linked but differ')
    expect(adviceOf({check: null, rpo: null})).toBeNull()
  })

  test('is told how to prevent it, where the drill knows and there was something', () => {
    expect(adviceOf({}, 'give it memory')).toBeNull()
    expect(adviceOf({rpo: lost}, 'give it memory')).toMatch(/lost writes are gone.* give it memory$/)
    expect(adviceOf({check: makeCheck({}, {evicted: 2})}, 'give it memory')).toBe('give it memory')
    expect(adviceOf({check: makeCheck({}, {evicted: 2})})).toBeNull()
  })
})

test('the drill’s extra keys count among what was evicted, lost or differs', () => {
  const check = makeCheck({diverged: 2}, {evicted: 3})
  expect(evictedKeys({check, comparison: compared({absence: 'evicted', onNeither: 4})})).toBe(7)
  expect(evictedKeys({check, comparison: compared({absence: 'lost', onNeither: 4})})).toBe(3)
  expect(evictedKeys({check: null, comparison: null})).toBe(0)
  expect(lostOwnKeys({comparison: compared({absence: 'lost', onNeither: 4})})).toBe(4)
  expect(lostOwnKeys({comparison: compared({absence: 'evicted', onNeither: 4})})).toBe(0)
  expect(lostOwnKeys({comparison: null})).toBe(0)
  const differences = {value: 5, missing: 1} as never
  expect(countDiverged(check, compared({differences}))).toBe(8)
  expect(countDiverged(check, null)).toBe(2)
})
