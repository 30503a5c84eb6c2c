import {describe, expect, test} from 'vitest'
import {parseAssertion} from '../../../../src/engine/assertions/assertion.js'
import {drills} from '../../../../src/engine/drills/each/registry.js'
import {adviseOn} from '../../../../src/engine/drills/judge/drill-advice.js'
import {drillMeasures} from '../../../../src/engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../../../src/engine/drills/judge/drill-result.js'
import {judgeDrill} from '../../../../src/engine/drills/judge/judge-drill.js'
import {
  makeCheck as check,
  makeDrillResult as history,
  drillTimings as measures,
  makeRpo as rpo,
} from '../../helpers/drill-results.js'
import {latency} from '../../helpers/results.js'

const judge = (result: DrillResult, ...budgets: readonly string[]) =>
  judgeDrill(
    result,
    budgets.map(budget => parseAssertion(budget, drillMeasures)),
  )

const usual = ['rto<2s', 'lost==0', 'diverged==0', 'paired']

describe('histories', () => {
  test('all is well', () => {
    expect(judge(history(), ...usual).verdict).toBe('pass')
  })

  test.each<[string, Partial<DrillResult>]>([
    ['an outage that is too long', {measures: {...measures, rtoMs: {...measures.rtoMs, max: 2500}}}],
    ['a client that was never served again', {measures: {...measures, rtoMs: {...measures.rtoMs, never: 1}}}],
    ['a lost write, though its key was written again', {rpo: rpo({writes: 1})}],
    ['a key that only one node has', {check: check({missingOnB: 1})}],
    ['an older value', {check: check({staleOnA: 1})}],
    ['lost writes among evicted ones', {rpo: rpo({writes: 1, unknown: 5})}],
    ['other flags', {check: check({otherFlags: 1})}],
    ['another time of expiry', {check: check({otherExptime: 1})}],
    [
      'a soak that was broken, though the pair was whole later',
      {faults: [{number: 1, fault: 'kill-slave', holdMs: 1, pauseMs: 1, t: 3, wholeAfterMs: null, problem: null}]},
    ],
    ['a pair that is not whole again', {times: {fault: 3, recover: 5, paired: null, settled: true, end: 8}}],
  ])('%s fails', (_, changes) => {
    expect(judge(history(changes), ...usual).verdict).toBe('fail')
  })

  test.each<[string, Partial<DrillResult>]>([
    ['a fault that could not be brought about', {problem: 'Expected the queue to overflow, got a link that held'}],
    ['nodes that could not be read', {check: null, problem: 'Expected values, got silence'}],
    ['evicted or lost, which nobody knows', {rpo: rpo({unknown: 3})}],
    ['a budget for what was not measured', {measures: null}],
    [
      'a drill that was interrupted before the pair could be whole again',
      {problem: 'interrupted', times: {fault: 3, recover: null, paired: null, settled: false, end: 4}},
    ],
  ])('%s is unknown', (_, changes) => {
    expect(judge(history(changes), ...usual).verdict).toBe('unknown')
  })

  test('evicted keys are not lost, and can have a budget of their own', () => {
    const evicted = history({check: check({}, {evicted: 30})})
    expect(judge(evicted, ...usual).verdict).toBe('pass')
    expect(judge(evicted, 'evicted==0').assertions[0]).toMatchObject({actual: 30, verdict: 'fail'})
  })

  test.each([
    ['lost==0', 'fail'],
    ['lost<5', 'fail'],
    ['lost<=20', 'unknown'],
    ['lost<=25', 'pass'],
    ['lost>=5', 'pass'],
    ['lost>25', 'fail'],
    ['lost!=26', 'pass'],
  ])('of 5 lost writes and 20 that may be, %s is %s', (expr, verdict) => {
    const some = history({rpo: rpo({writes: 5, unknown: 20})})
    expect(judge(some, expr).assertions[0]).toMatchObject({actual: 5, isAtLeast: true, verdict})
  })

  test('more that may be lost does not save an RPO that is too long already', () => {
    const some = history({rpo: rpo({writes: 5, ms: 1200, unknown: 20})})
    expect(judge(some, 'rpo<1s').assertions[0]).toMatchObject({actual: 1_200_000, verdict: 'fail'})
    expect(judge(some, 'rpo<2s').assertions[0]).toMatchObject({
      verdict: 'unknown',
      reason: '20 more writes may be lost',
    })
  })

  test.each<[number | null, string, string]>([
    [0, 'rpo<1ms', 'pass'],
    [40, 'rpo<100ms', 'pass'],
    [140, 'rpo<100ms', 'fail'],
    [null, 'rpo<100ms', 'unknown'],
  ])('an RPO of %s ms: %s %s', (ms, budget, verdict) => {
    const lost = rpo({writes: 1, keys: 1, ms, first: 1, last: 1})
    expect(judge(history({rpo: lost}), budget).verdict).toBe(verdict)
  })

  test('what is lost at the end has a measure of its own', () => {
    const overwritten = history({rpo: rpo({writes: 3})})
    expect(judge(overwritten, 'lost==0', 'lostAtEnd==0').assertions.map(({verdict}) => verdict)).toEqual([
      'fail',
      'pass',
    ])
    const gone = history({check: check({lost: 1}, {lostWrites: 1})})
    expect(judge(gone, 'lostAtEnd==0').verdict).toBe('fail')
  })

  test('differences of further keys count as divergence', () => {
    const comparison = {
      absence: 'lost' as const,
      keys: 500,
      same: 223,
      onNeither: 0,
      differences: {missingOnA: 0, missingOnB: 0, value: 277, flags: 0, exptime: 0},
      examples: [],
      listedBy: ['keys' as const],
      unread: 0,
      listedInPart: [],
      unreadExamples: [],
      seenWhole: [],
      exptimes: false,
      seconds: 1,
    }
    const {assertions} = judge(history({comparison}), 'diverged==0')
    expect(assertions[0]).toMatchObject({actual: 277, verdict: 'fail'})
  })
})

test.each(drills.map(drill => [drill.name, drill] as const))('the assertions of %s can be read', (_, drill) => {
  expect(judge(history(), ...drill.assertions).assertions).toHaveLength(drill.assertions.length)
})

test.each<[string, Partial<DrillResult>, RegExp | null]>([
  ['nothing is wrong', {}, null],
  ['keys were evicted', {check: check({}, {evicted: 30})}, /^Give both nodes the same -m/],
  ['the nodes differ, too', {check: check({missingOnA: 1}, {evicted: 30})}, /write those keys again.* Give both nodes/],
  ['the pair is apart', {times: {fault: 3, recover: 5, paired: null, settled: true, end: 20}}, /^Restart the slave/],
])('advice with a prevention, where %s', (_, changes, advice) => {
  const drill = drills.find(({name}) => name === 'memory-unequal')!
  const given = adviseOn(history(changes), drill)
  if (advice === null) expect(given).toBeNull()
  else expect(given).toMatch(advice)
})

test.each(['before', 'during', 'after'] as const)("a p99 %s that may be the generator's own fails no drill", window => {
  const net = {...latency, p99: 1000}
  const netResponseUs = {before: latency, during: latency, after: latency, [window]: net}
  const result = history({measures: {...measures, netResponseUs}})
  const {assertions} = judge(result, 'p99.before<2ms', 'p99.during<2ms', 'p99.after<2ms')
  for (const {expr, verdict} of assertions) expect(verdict).toBe(expr.includes(window) ? 'unknown' : 'fail')
})
