import {expect, test} from 'vitest'
import type {JudgedMeasure, RunsJudgement} from '../../../src/cli/compare/judge-runs.js'
import {checkLimit, readLimits, readMeasures} from '../../../src/cli/compare/slowdown-limits.js'

const p50: JudgedMeasure = {
  name: 'p50',
  judgement: 'same',
  reason: null,
  changePercent: 0,
  pValue: 1,
  detectablePercent: 3,
}

function outcome(measure: Partial<JudgedMeasure>) {
  const judgement: RunsJudgement = {
    design: 'pairs',
    pairs: 10,
    runs: [10, 10],
    saturated: [0, 0],
    reason: null,
    test: '',
    significance: 0.04,
    measures: [{...p50, ...measure}],
  }
  return checkLimit({measure: 'p50', percent: 5}, judgement)
}

test('it is broken by a change that is sure and larger', () => {
  const worse = {judgement: 'worse', detectablePercent: null} as const
  expect(outcome({...worse, changePercent: 5.4})).toMatchObject({verdict: 'fail', why: 'worse by 5.4 %'})
  expect(outcome({...worse, changePercent: 4.9})).toMatchObject({verdict: 'pass', why: 'worse by 4.9 %'})
  expect(outcome({...worse, changePercent: null})).toMatchObject({verdict: 'fail'})
  expect(outcome({judgement: 'better', changePercent: -30})).toMatchObject({verdict: 'pass'})
})

test('it is kept where so large a change would have been seen, else nobody knows', () => {
  expect(outcome({detectablePercent: 4.2})).toMatchObject({verdict: 'pass'})
  const unseen = {verdict: 'unknown', why: 'same; could not see less than 12 %'}
  expect(outcome({detectablePercent: 11.3})).toMatchObject(unseen)
  expect(outcome({detectablePercent: null})).toMatchObject({verdict: 'unknown'})
  expect(outcome({judgement: null, reason: 'the generator was late'})).toMatchObject({
    verdict: 'unknown',
    why: 'no judgement: the generator was late',
  })
  expect(outcome({name: 'p99'})).toMatchObject({verdict: 'unknown', why: 'no judgement: not measured'})
})

test('limits and measures are read by name, in any case', () => {
  const limits = [
    {measure: 'p50', percent: 5},
    {measure: 'p99.9', percent: 20},
  ]
  expect(readLimits('P50=5%,p99.9=20%')).toEqual(limits)
  expect(readLimits('rate=1.5%', limits)).toEqual([...limits, {measure: 'rate', percent: 1.5}])
  expect(readMeasures('p50,timedout,p50', ['rate'])).toEqual(['rate', 'p50', 'timedOut'])
})
