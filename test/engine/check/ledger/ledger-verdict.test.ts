import {describe, expect, test} from 'vitest'
import {type Held, judgeKey, type KeyRecord} from '../../../../src/engine/check/ledger/ledger-verdict.js'

const version = (number: number, flags = 0): Held => ({kind: 'ours', version: number, flags})
const absent: Held = {kind: 'absent', version: 0, flags: 0}
const corrupt: Held = {kind: 'corrupt', version: 0, flags: 0}
const foreign: Held = {kind: 'foreign', version: 9, flags: 0}

const record = (changes: Partial<KeyRecord> = {}): KeyRecord => ({
  acknowledged: 5,
  sent: 5,
  mayBeAbsent: false,
  mayHaveExpired: false,
  mustHaveExpired: false,
  mayReturn: () => false,
  ...changes,
})

const kindOf = (changes: Partial<KeyRecord>, a: Held, b: Held) => {
  const finding = judgeKey(record(changes), [a, b])
  return finding === 'expired' ? finding : (finding?.kind ?? 'intact')
}

describe('an acknowledged key', () => {
  test.each<[string, Held, Held, Partial<KeyRecord>]>([
    ['intact', version(5), version(5), {}],
    ['intact', version(6), version(6), {sent: 6}],
    ['lost', absent, absent, {}],
    ['lost', version(3), absent, {}],
    ['lost', version(3), version(4), {}],
    ['missingOnA', absent, version(5), {}],
    ['missingOnB', version(5), absent, {}],
    ['staleOnA', version(2), version(5), {}],
    ['staleOnB', version(5), version(4), {}],
    ['diverged', version(5), version(6), {sent: 6}],
    ['otherFlags', version(5), version(5, 1), {}],
    ['intact', version(5, 7), version(5, 7), {}],
    ['phantom', version(6), version(5), {}],
    ['foreign', version(5), foreign, {}],
    ['foreign', foreign, version(5), {}],
    ['corrupt', version(5), corrupt, {}],
    ['corrupt', corrupt, version(5), {}],
    ['corrupt', corrupt, foreign, {}],
    ['missingOnB', version(5), absent, {mayReturn: () => true}],
    // A write lost with its connection may come late.
    ['intact', version(3), version(3), {mayReturn: v => v === 3}],
    ['diverged', version(3), version(5), {mayReturn: v => v === 3}],
  ])('%s: A %j, B %j, %j', (kind, a, b, changes) => {
    expect(kindOf(changes, a, b)).toBe(kind)
  })

  test('lost versions are counted from the best that is left', () => {
    expect(judgeKey(record(), [version(2), version(3)])).toEqual({
      kind: 'lost',
      lostVersions: 2,
      staleVersions: 0,
      absence: 'none',
    })
    expect(judgeKey(record(), [absent, absent])).toMatchObject({lostVersions: 5, absence: 'both'})
    expect(judgeKey(record(), [version(1), version(5)])).toMatchObject({kind: 'staleOnA', staleVersions: 4})
  })

  test('a version counts of values of the load only', () => {
    expect(judgeKey(record(), [{...absent, version: 4}, absent])).toMatchObject({kind: 'lost', lostVersions: 5})
    expect(judgeKey(record({mayBeAbsent: true}), [{...absent, version: 4}, absent])).toBeNull()
  })

  test('on a single node', () => {
    expect(judgeKey(record(), [version(5)])).toBeNull()
    expect(judgeKey(record(), [version(4)])).toMatchObject({kind: 'lost', lostVersions: 1})
  })
})

test.each<[string, Held, Held, Partial<KeyRecord>]>([
  ['intact', absent, absent, {}],
  ['resurrected', version(4), absent, {}],
  ['resurrected', version(4), version(4), {}],
  ['intact', version(6), version(6), {sent: 6}],
  ['diverged', version(6), absent, {sent: 6}],
])('a deleted key, %s: A %j, B %j', (kind, a, b, changes) => {
  expect(kindOf({mayBeAbsent: true, ...changes}, a, b)).toBe(kind)
})

test.each<[string, Held, Held]>([
  ['intact', absent, absent],
  ['intact', version(1), version(1)],
  ['diverged', version(1), absent],
  ['phantom', version(2), absent],
  ['intact', foreign, foreign],
])('a key whose only write got no answer, %s: A %j, B %j', (kind, a, b) => {
  expect(kindOf({acknowledged: 0, sent: 1}, a, b)).toBe(kind)
})

const over = {mayHaveExpired: true}
const longOver = {mayHaveExpired: true, mustHaveExpired: true}

test.each<[string, Held, Held, Partial<KeyRecord>]>([
  ['expired', absent, absent, over],
  ['expired', absent, version(5), over],
  ['intact', version(5), version(5), over],
  ['expired', absent, absent, longOver],
  // What one node has long dropped, the other keeps.
  ['otherExptime', version(5), absent, longOver],
  ['otherExptime', version(5), version(5), longOver],
  // A write that was lost with its connection may have come late, with a time to live of its own.
  ['expired', version(5), absent, {...longOver, mayReturn: () => true}],
  ['staleOnB', version(5), version(3), over],
  ['staleOnB', absent, version(3), over],
  ['diverged', version(5), version(6), {...over, sent: 6}],
  ['lost', absent, absent, {}],
])('a key with a time to live, %s: A %j, B %j, %j', (kind, a, b, changes) => {
  expect(kindOf(changes, a, b)).toBe(kind)
})

test.each<['none' | 'A' | 'B' | 'both', Held, Held, Partial<KeyRecord>]>([
  ['A', absent, version(5), {}],
  ['B', version(5), absent, {}],
  ['both', absent, absent, {}],
  ['B', version(3), absent, {}],
  ['none', version(4), version(5), {}],
  ['none', version(3), version(3), {}],
  ['none', version(4), absent, {mayBeAbsent: true}],
  ['B', version(1), absent, {acknowledged: 0, sent: 1}],
])('what is missing where, which may be an eviction: %s of A %j, B %j, %j', (absence, a, b, changes) => {
  expect(judgeKey(record(changes), [a, b])).toMatchObject({absence})
})
