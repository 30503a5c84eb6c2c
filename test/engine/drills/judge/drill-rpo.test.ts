import {describe, expect, test} from 'vitest'
import type {LedgerCheck} from '../../../../src/engine/check/ledger/check-ledger.js'
import {joinRpo, measureRpoAtEnd} from '../../../../src/engine/drills/judge/drill-rpo.js'
import type {FailoverLoss} from '../../../../src/engine/drills/judge/failover-losses.js'

const START_MS = 1_700_000_000_000

/** @param lost first and last lost acknowledgement, in seconds from the start of the load */
function rpoOf(lost: readonly [number, number] | null, {fault = 3, isComplete = true} = {}) {
  const lostAcks =
    lost === null ? null : {firstMs: START_MS + lost[0] * 1000, lastMs: START_MS + lost[1] * 1000, isComplete}
  const check = {lostWrites: lost === null ? 0 : 12, lostAcks, findings: {lost: lost === null ? 0 : 10}}
  return measureRpoAtEnd(check as LedgerCheck, {startMs: START_MS, fault})
}

test('nothing lost', () => {
  expect(rpoOf(null)).toEqual({writes: 0, keys: 0, ms: 0, first: null, last: null})
})

test('runs from the first lost write to the fault', () => {
  expect(rpoOf([2.95, 2.98])).toMatchObject({writes: 12, keys: 10, ms: 50, first: 2.95, last: 2.98})
})

test('and to the last lost write, where writes after the fault were lost too', () => {
  expect(rpoOf([2.95, 5])).toMatchObject({ms: 2050})
  expect(rpoOf([4, 5])).toMatchObject({ms: 1000})
})

test('is not known when the first one may be older than what is remembered', () => {
  expect(rpoOf([2, 2.5], {isComplete: false})).toMatchObject({ms: null, first: 2})
})

test('where no client changed servers, as many as the nodes evicted may hide what was lost', () => {
  const losses = {
    failovers: [],
    besides: {writes: 0, keys: 0},
    keys: 0,
    undecidedSeen: 0,
    witnessReads: 0,
    surveyReads: 0,
  }
  const join = (check: {undecided: number; evicted: number}) =>
    joinRpo({writes: 0, keys: 0, ms: 0, first: null, last: null}, {losses, check})
  expect(join({undecided: 0, evicted: 0})).toMatchObject({writes: 0, unknown: 0})
  expect(join({undecided: 0, evicted: 80})).toMatchObject({writes: 0, unknown: 80})
  expect(join({undecided: 3, evicted: 80})).toMatchObject({writes: 0, unknown: 83})
})

test('writes that are lost at an unknown time have an RPO that nobody knows', () => {
  const check = {lostWrites: 3, lostAcks: null, findings: {lost: 2}} as LedgerCheck
  expect(measureRpoAtEnd(check, {startMs: START_MS, fault: 3})).toEqual({
    writes: 3,
    keys: 2,
    ms: null,
    first: null,
    last: null,
  })
})

describe('losses at failovers and at the end', () => {
  const loss = (changes: Partial<FailoverLoss> = {}): FailoverLoss => ({
    from: 'm1',
    to: 's1',
    t: 3,
    until: 3,
    connections: 1,
    atRisk: 10,
    writes: 2,
    keys: 1,
    ms: 100,
    first: 2.9,
    last: 2.95,
    unknown: 0,
    ...changes,
  })
  const nothing = loss({writes: 0, keys: 0, ms: 0, first: null, last: null})
  const end = {writes: 5, keys: 4, ms: 300, first: 2.5, last: 2.8}
  const join = (
    failovers: readonly FailoverLoss[],
    {besides = {writes: 0, keys: 0}, undecidedSeen = 0, undecided = 0, evicted = 0} = {},
  ) =>
    joinRpo(end, {
      losses: {failovers, besides, keys: 3, undecidedSeen, witnessReads: 7, surveyReads: 8},
      check: {undecided, evicted},
    })

  test('add up, from the first lost write to the last', () => {
    expect(
      join([loss(), loss({writes: 4, ms: 200, first: 4, last: 4.5})], {besides: {writes: 1, keys: 1}}),
    ).toMatchObject({
      writes: 7,
      keys: 4,
      ms: 300,
      first: 2.5,
      last: 4.5,
      witnessReads: 7,
      surveyReads: 8,
    })
  })

  test('do not take the span of the end in where nothing besides was lost', () => {
    expect(join([loss()])).toMatchObject({writes: 2, keys: 3, ms: 100, first: 2.9, last: 2.95})
  })

  test('go by the end alone where the failovers lost nothing', () => {
    const unknownLength = {...nothing, ms: null}
    expect(join([unknownLength], {besides: {writes: 5, keys: 4}})).toMatchObject({writes: 5, ms: 300, first: 2.5})
    expect(join([nothing])).toMatchObject({writes: 0, ms: 0, first: null, last: null})
  })

  test('have no length where that of one is not known', () => {
    expect(join([loss(), loss({ms: null, first: null, last: 3})])).toMatchObject({ms: null, first: 2.9, last: 2.95})
    expect(join([loss({ms: null, first: 1, last: null})])).toMatchObject({ms: null, first: null, last: null})
  })

  test('leave unknown what may be lost at a failover, and what is undecided besides', () => {
    expect(join([loss({unknown: 2}), loss({unknown: 3})], {undecided: 10, undecidedSeen: 4}).unknown).toBe(11)
    expect(join([loss()], {undecided: 1, undecidedSeen: 4}).unknown).toBe(0)
    // Where clients went over it was examined what was evicted.
    expect(join([loss()], {evicted: 80}).unknown).toBe(0)
    expect(join([], {evicted: 80}).unknown).toBe(80)
  })
})
