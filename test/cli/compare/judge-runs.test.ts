import {expect, test} from 'vitest'
import {judgeRuns} from '../../../src/cli/compare/judge-runs.js'
import {describeJudgement} from '../../../src/cli/compare/judgement-text.js'
import {comparedMeasure} from '../../../src/cli/documents/json/compared-measures.js'
import type {RunDocument} from '../../../src/cli/documents/json/run-json.js'
import {runAt, withGenerator} from './compared-runs.js'

const measuresOf = (names: readonly string[]) => names.map(name => comparedMeasure(name)!)
const usual = measuresOf(['rate', 'p50', 'p99'])

/** Of a median of 5 ms, up and down by a per cent or so. */
const jitter = [0, 40, -30, 20, -50, 10, -20, 60, 30, -10]
const times = (count: number, slower = 1) => jitter.slice(0, count).map(us => Math.round((5000 + us) * slower))

/** One run after the other, from a second on. */
const block = (from: number, p50s: readonly number[]) => p50s.map((p50, index) => runAt(from + index, {p50}))

/** A B B A … */
function turns(first: readonly number[], second: readonly number[]) {
  const at = (index: number, isFirst: boolean) => 2 * index + ((index % 2 === 0) === isFirst ? 0 : 1)
  return {
    first: first.map((p50, index) => runAt(at(index, true), {p50})),
    second: second.map((p50, index) => runAt(at(index, false), {p50})),
  }
}

function judge(runs: {first: readonly RunDocument[]; second: readonly RunDocument[]}, measures = usual) {
  const judgement = judgeRuns({...runs, measures, comparisons: 1})
  const of = (name: string) => judgement.measures.find(measure => measure.name === name)
  const text = describeJudgement({title: 'A → B', judgement}).join('\n')
  return {judgement, of, text}
}

test('fewer than four runs each are not judged, however far apart', () => {
  const {judgement, text} = judge({first: block(0, times(3)), second: block(10, times(3, 5))})
  expect(judgement).toMatchObject({reason: '3 runs each, 4 are needed', test: null, measures: []})
  expect(text).toMatch(/^A → B {2}no judgement: 3 runs each, 4 are needed\n/)
})

test('of four runs each a large change is found, and what could have been seen is said of the others', () => {
  const {judgement, of, text} = judge({first: block(0, times(4)), second: block(10, times(4, 1.3))})
  expect(judgement).toMatchObject({design: 'groups', pairs: null, runs: [4, 4], reason: null})
  expect(of('p50')).toMatchObject({judgement: 'worse', detectablePercent: null})
  expect(of('p50')!.changePercent).toBeCloseTo(30, 0)
  expect(of('p50')!.pValue).toBeCloseTo(2 / 70, 6)
  expect(of('rate')).toMatchObject({judgement: 'same', pValue: 1, detectablePercent: expect.closeTo(1, 6)})
  expect(text).toMatch(/p50 +worse +\+30\.\d % {2}p 0\.0286$/m)
  expect(text).toMatch(/rate +same +0\.0 % {2}p 1\.0000 {2}could not see less than 1\.0 %$/m)
  expect(text).toMatch(/test: permutation, all 70 ways to divide the runs into two groups, rate, p50, p99 together/)
})

test('faster is better', () => {
  const {of} = judge({first: block(0, times(4, 1.3)), second: block(10, times(4))})
  expect(of('p50')).toMatchObject({judgement: 'better'})
})

test('groups that are apart by no more than a machine drifts are the same', () => {
  // No run of the one is as fast as any of the other: the test alone would call that a change.
  const {of} = judge({first: block(0, [5000, 5040, 5080, 5120]), second: block(10, [5160, 5200, 5240, 5280])})
  expect(of('p50')!.pValue).toBeCloseTo(2 / 70, 6)
  expect(of('p50')).toMatchObject({judgement: 'same'})
  expect(of('p50')!.detectablePercent).toBeGreaterThan(4)
})

test('runs that took turns are judged as pairs: what drifts in both is no noise', () => {
  const drift = [1, 1.2, 0.9, 1.5, 1.1, 0.8, 1.3]
  const first = drift.map((factor, index) => Math.round((5000 + jitter[index]!) * factor))
  const second = drift.map((factor, index) => Math.round((5000 + jitter[6 - index]!) * factor * 1.1))
  const {judgement, of, text} = judge(turns(first, second))
  expect(judgement).toMatchObject({design: 'pairs', pairs: 7})
  expect(of('p50')).toMatchObject({judgement: 'worse', pValue: 2 / 128})
  expect(of('p50')!.changePercent).toBeCloseTo(10, 0)
  expect(text).toMatch(/^A → B {2}7 pairs, made in turns$/m)
  const apart = judge({first: block(0, first), second: block(20, second)})
  expect(apart.of('p50')).toMatchObject({judgement: 'same'})
})

test('less than one per cent is nothing to act on', () => {
  const {of} = judge(turns(Array(8).fill(5000), Array(8).fill(5040)))
  expect(of('p50')!.pValue).toBeCloseTo(2 / 256, 6)
  expect(of('p50')).toMatchObject({judgement: 'same', detectablePercent: expect.closeTo(1, 6)})
})

test('five pairs are too few, six are not', () => {
  expect(judge(turns(times(5), times(5, 2))).judgement.reason).toBe('5 pairs, 6 are needed')
  expect(judge(turns(times(6), times(6, 2))).of('p50')).toMatchObject({judgement: 'worse'})
})

test('runs whose generator set the pace are left out, and it is said', () => {
  const {first, second} = turns(times(8), times(8, 1.2))
  const spoilt = second.map((run, index) => (index === 3 ? withGenerator(run, {saturated: true}) : run))
  const {judgement, text} = judge({first, second: spoilt})
  expect(judgement).toMatchObject({saturated: [0, 1], reason: null})
  expect(text).toMatch(/all 256 ways|all 128 ways/)
  expect(text).toMatch(/left out, their generator was saturated: 0 runs of the first, 1 of the second/)
  const all = first.map(run => withGenerator(run, {saturated: true}))
  expect(judge({first: all, second}).judgement.reason).toBe('0 pairs, 6 are needed')
})

test('a generator that was late makes the p99, not the p50', () => {
  const {first, second} = turns(times(8), times(8, 1.2))
  const late = first.map((run, index) => (index < 3 ? withGenerator(run, {late: 0.04, slip: 2000}) : run))
  const {of, text} = judge({first: late, second})
  expect(of('p50')).toMatchObject({judgement: 'worse'})
  expect(of('p99')).toMatchObject({judgement: null, pValue: null})
  expect(text).toMatch(/p99 +no judgement: the generator was late in 3 and 0 runs: 5 pairs, 6 are needed$/m)
})

test('lateness that is nothing to what was measured does no harm', () => {
  const {first, second} = turns(times(8), times(8, 1.2))
  const late = first.map(run => withGenerator(run, {late: 0.04, slip: 800}))
  expect(judge({first: late, second}).of('p99')).toMatchObject({judgement: 'same', reason: null})
})

test('only what is asked for is judged, and counts are taken as they are', () => {
  const {first, second} = turns(times(8), times(8, 1.2))
  const failing = second.map(run => ({...run, operations: {...run.operations, timedOut: 90}}))
  const {judgement, of} = judge({first, second: failing}, measuresOf(['timedOut']))
  expect(judgement.measures).toHaveLength(1)
  expect(of('timedOut')).toMatchObject({judgement: 'worse', changePercent: expect.closeTo(2150, 0)})
})

test('several comparisons in a table share what is allowed of false alarms', () => {
  const parts = {first: block(0, times(4)), second: block(10, times(4, 2)), measures: usual}
  expect(judgeRuns({...parts, comparisons: 1}).measures).toHaveLength(3)
  expect(judgeRuns({...parts, comparisons: 3}).reason).toBe('4 runs each, 5 are needed')
})
