import {expect, test} from 'vitest'
import {wrongReadsLines} from '../../../../src/cli/documents/text/faulty-reads-text.js'
import type {SeenFailovers} from '../../../../src/engine/drills/failover/failover-watch.js'
import type {Failover, ReadBehind} from '../../../../src/engine/drills/failover/failovers.js'
import {explainWrongReads} from '../../../../src/engine/drills/judge/wrong-reads.js'

const ack = (version: number) => ({key: 1, version, atMs: 9990, removes: false})

/** Key 1 lost versions 5 and 6 at 10 s. */
const failover: Failover = {
  from: 0,
  to: 1,
  firstMs: 10_000,
  lastMs: 10_100,
  connections: new Map(),
  keys: new Map([[1, {writes: [ack(5), ack(6)], held: 4, isSupposed: false, isAbsent: false, isTouched: false}]]),
  isWidened: false,
  isInOrder: true,
  isComplete: true,
  additions: 1,
}

const read = (changes: Partial<ReadBehind>): ReadBehind => ({
  kind: 'read',
  key: 1,
  state: 'ours',
  version: 4,
  server: 1,
  expected: 6,
  atMs: 60_000,
  ...changes,
})

function explain(readsBehind: readonly ReadBehind[], {more = {}, mayBeEvicted = false, isComplete = true} = {}) {
  const seen: SeenFailovers = {failovers: [failover], readsBehind, witnessReads: 0, surveyReads: 0, isComplete}
  const counts = {stale: readsBehind.length, missing: 0, foreign: 0, corrupt: 0, ...more}
  return explainWrongReads(counts, {seen, mayBeEvicted})
}

test('a read of a lost write is explained however late, until the key is written again', () => {
  expect(explain([read({})])).toMatchObject({total: 1, ofLostWrites: 1, unexplained: 0})
  expect(explain([read({version: 6, expected: 7})])).toMatchObject({ofLostWrites: 0, unexplained: 1})
  expect(explain([read({version: 3, expected: 4})])).toMatchObject({unexplained: 1})
})

test('a read of another key only while clients change servers', () => {
  const at = (atMs: number) => explain([read({key: 2, atMs})])
  expect(at(10_050)).toMatchObject({atFailover: 1, unexplained: 0})
  expect(at(11_000)).toMatchObject({atFailover: 1, unexplained: 0})
  expect(at(11_200)).toMatchObject({atFailover: 0, unexplained: 1})
})

test('corrupt and foreign values are explained by nothing', () => {
  expect(explain([], {more: {corrupt: 1, foreign: 2}})).toMatchObject({total: 3, unexplained: 3})
  expect(explain([], {more: {corrupt: 1}, isComplete: false})).toMatchObject({unexplained: 1})
})

test('what is missing may be evicted; what was not kept is not known', () => {
  const missing = read({key: 2, state: 'absent', version: 0})
  expect(explain([missing], {mayBeEvicted: true})).toMatchObject({perhapsEvicted: 1, unexplained: 0})
  expect(explain([read({key: 2})], {mayBeEvicted: true})).toMatchObject({perhapsEvicted: 0, unexplained: 1})
  expect(explain([], {more: {stale: 5}, isComplete: false})).toMatchObject({total: 5, unexplained: null})
})

test('the report says what explains them', () => {
  const reads = {total: 7, ofLostWrites: 4, atFailover: 2, perhapsEvicted: 0, unexplained: 1}
  expect(wrongReadsLines(reads)[0]!.trim()).toBe(
    '4 of writes lost at failover, 2 while clients changed servers, 1 unexplained',
  )
  expect(wrongReadsLines({...reads, unexplained: null})[0]).toMatch(/the rest unknown$/)
  expect(wrongReadsLines(undefined)).toEqual([])
})
