import {expect, test} from 'vitest'
import type {LedgerCheck} from '../../../../src/engine/check/ledger/check-ledger.js'
import {joinRpo, measureRpoAtEnd} from '../../../../src/engine/drills/judge/drill-rpo.js'

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
