import {describe, expect, test} from 'vitest'
import {drillMeasures} from '../../../../src/engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../../../src/engine/drills/judge/drill-result.js'
import type {DrillTimings} from '../../../../src/engine/drills/judge/drill-timings.js'
import {drillTimings, makeCheck, makeDrillResult, makeRpo} from '../../helpers/drill-results.js'
import {latency, makeResult} from '../../helpers/results.js'

const measureOf = (name: string) => drillMeasures.get(name) ?? raise(`Expected a measure ${name}`)
const read = (name: string, changes: Partial<DrillResult> = {}) => measureOf(name).read(makeDrillResult(changes))
const doubt = (name: string, changes: Partial<DrillResult>) => measureOf(name).doubt?.(makeDrillResult(changes)) ?? null

function raise(message: string): never {
  throw new Error(message)
}

const withTimings = (changes: Partial<DrillTimings>): Partial<DrillResult> => ({
  measures: {...drillTimings, ...changes},
})
const withRto = (changes: Partial<DrillTimings['rtoMs']>) => withTimings({rtoMs: {...drillTimings.rtoMs, ...changes}})

describe('times are told in µs, or null', () => {
  test.each([
    ['rto', 40_000],
    ['rto.p50', 35_000],
    ['rto.first', 30_000],
    ['firsterror', 10_000],
    ['detection', 12_000],
    ['unserved', 0],
    ['back', 200_000],
    ['p99.back', 300_000],
    ['fullcopy', null],
    ['pairedagain', 900_000],
    ['p99.before', 12_400],
    ['p99.during', 12_400],
    ['p99.after', 12_400],
    ['p99.copying', null],
  ])('%s', (name, us) => {
    expect(read(name)).toBe(us)
    expect(read(name, {measures: null})).toBeNull()
  })

  test('an RTO is 0 where no client was hit, and without an end where one was never served again', () => {
    const none = withRto({clients: 0, min: null, p50: null, max: null})
    expect(['rto', 'rto.p50', 'rto.first'].map(name => read(name, none))).toEqual([0, 0, 0])
    expect(read('rto', withRto({never: 1}))).toBe(Number.POSITIVE_INFINITY)
  })

  test('a full sync has its longest time, and the response time meanwhile', () => {
    const copied = withTimings({fullCopy: {copies: [], longestMs: 250, responseUs: latency}})
    expect([read('fullcopy', copied), read('p99.copying', copied)]).toEqual([250_000, 12_400])
  })

  test('a pair that did not recover never does; before the drill has settled nobody knows', () => {
    expect(read('pairedagain', withTimings({pairedAgainMs: null}))).toBe(Number.POSITIVE_INFINITY)
    const times = {fault: 3, recover: 5, paired: 6, settled: false, end: 8}
    expect(read('pairedagain', {times})).toBeNull()
    expect(read('pairedagain', {times: null})).toBeNull()
  })
})

test('paired: at the end, and after each fault of a soak', () => {
  const times = {fault: 3, recover: 5, paired: 6, settled: true, end: 8}
  const faults = (...wholeAfterMs: (number | null)[]) =>
    wholeAfterMs.map(ms => ({wholeAfterMs: ms})) as unknown as DrillResult['faults']
  expect(read('paired')).toBe(true)
  expect(read('paired', {times: {...times, paired: null}})).toBe(false)
  expect(read('paired', {times: {...times, settled: false}})).toBeNull()
  expect(read('paired', {times: null})).toBeNull()
  expect(read('paired', {faults: faults(1, 2)})).toBe(true)
  expect(read('paired', {faults: faults(1, null)})).toBe(false)
  expect(read('faults', {faults: faults(1, 2)})).toBe(2)
})

describe('the lateness of the generator', () => {
  const lateness = (changes: Partial<DrillResult>) =>
    measureOf('p99.during').lateness?.(makeDrillResult(changes)) ?? null
  const netResponseUs = {before: latency, during: {...latency, p99: 9000}, after: latency}

  test('is told where the times net of it are known', () => {
    const measured = withTimings({netResponseUs})
    expect(lateness({...measured, run: makeResult()})).toEqual({netUs: 9000, slipP99Us: 41})
    expect(lateness(measured)).toEqual({netUs: 9000, slipP99Us: null})
  })

  test('is not where they are not', () => {
    expect(lateness({})).toBeNull()
    expect(lateness({measures: null})).toBeNull()
    expect(lateness(withTimings({netResponseUs: {...netResponseUs, during: {...latency, p99: null}}}))).toBeNull()
  })
})

describe('losses', () => {
  test('are writes and keys lost at failovers, or found lost at the end with the drill’s extra keys', () => {
    const rpo = makeRpo({writes: 5, keys: 4})
    expect([read('lost', {rpo}), read('lostkeys', {rpo})]).toEqual([5, 4])
    expect([read('lost', {rpo: null}), read('lostkeys', {rpo: null})]).toEqual([null, null])
    const comparison = {absence: 'lost', onNeither: 3, differences: {}} as unknown as DrillResult['comparison']
    const check = makeCheck({}, {lostWrites: 2})
    expect([read('lostatend', {check, comparison}), read('lostatend', {check: null})]).toEqual([5, null])
    expect([read('evicted', {check: makeCheck({}, {evicted: 2})}), read('evicted', {check: null})]).toEqual([2, null])
  })

  test('have an RPO in µs; none is known where all of them are only possible', () => {
    expect(read('rpo', {rpo: makeRpo({writes: 1, ms: 12})})).toBe(12_000)
    expect(read('rpo')).toBe(0)
    expect(read('rpo', {rpo: null})).toBeNull()
    expect(read('rpo', {rpo: makeRpo({ms: null, writes: 1})})).toBeNull()
    expect(read('rpo', {rpo: makeRpo({unknown: 1})})).toBeNull()
    expect(read('rpo', {rpo: makeRpo({writes: 1, ms: 12, unknown: 1})})).toBe(12_000)
  })

  test('may be more than the RPO knows of', () => {
    expect(doubt('rpo', {rpo: null})).toBeNull()
    expect(doubt('rpo', {})).toBeNull()
    expect(doubt('rpo', {rpo: makeRpo({writes: 1, ms: 12, unknown: 3})})).toEqual({
      reason: '3 more writes may be lost',
      atLeast: 12_000,
    })
    const unknown = {reason: '3 writes may be lost', atLeast: null}
    expect(doubt('rpo', {rpo: makeRpo({unknown: 3})})).toEqual(unknown)
    expect(doubt('rpo', {rpo: makeRpo({writes: 1, ms: null, unknown: 3})})).toEqual(unknown)
  })
})

test('wrong reads are counted where they could be examined', () => {
  const wrongReads = {total: 5, ofLostWrites: 1, atFailover: 1, perhapsEvicted: 1, unexplained: 2}
  expect([read('wrongreads', {wrongReads}), read('unexplainedreads', {wrongReads})]).toEqual([5, 2])
  expect([read('wrongreads'), read('unexplainedreads')]).toEqual([null, null])
})

test('the lag is told of the whole drill and of its phases', () => {
  const side = {...latency, p99: 777}
  const lagUs = {aToB: side, bToA: side} as unknown as DrillResult['lagUs']
  const lagByPhaseUs = {before: lagUs, during: lagUs, after: lagUs} as unknown as DrillResult['lagByPhaseUs']
  const names = [...drillMeasures.keys()].filter(name => name.startsWith('lag.'))
  expect(names.length).toBeGreaterThan(4)
  expect(names.map(name => read(name))).toEqual(names.map(() => null))
  for (const phase of ['before', 'during', 'after']) {
    const ofPhase = names.filter(name => name.startsWith(`lag.${phase}.`))
    expect(ofPhase.length).toBeGreaterThan(0)
    expect(ofPhase.map(name => read(name, {lagUs}))).toEqual(ofPhase.map(() => null))
    expect(ofPhase.some(name => read(name, {lagByPhaseUs}) === 777)).toBe(true)
  }
})
