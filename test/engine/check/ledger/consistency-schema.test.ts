import {describe, expect, test} from 'vitest'
import {consistencySchema} from '../../../../src/engine/check/ledger/consistency-schema.js'
import {countFindings} from '../../../../src/engine/check/ledger/ledger-findings.js'

const removals = {name: 'm', evictions: 1, reclaimed: 2, expiredUnfetched: 3, isCertain: true}
const example = {key: 'k:1', kind: 'lost', text: 'gone'}

const kept = {
  nodes: ['m', 's'],
  keys: 9,
  intact: 6,
  expired: 0,
  evicted: 1,
  undecided: 1,
  findings: countFindings(['lost']),
  lostWrites: 2,
  lostAcks: {firstMs: 1.5, lastMs: 2.5, isComplete: true},
  worstStaleVersions: 0,
  removals: [removals],
  exptimesCompared: 6,
  examples: [example, {...example, kind: 'evicted'}, {...example, kind: 'undecided'}],
  seconds: 0.25,
  crossed: true,
}

describe('the result of a check, as it is kept', () => {
  test('is read as it was', () => {
    expect(consistencySchema.parse(kept)).toEqual(kept)
    const ofOneNode = {...kept, lostAcks: null, exptimesCompared: null, crossed: null, removals: [], examples: []}
    expect(consistencySchema.parse(ofOneNode)).toEqual(ofOneNode)
  })

  test.each(Object.keys(kept))('lacks nothing: %s', name => {
    const {[name as keyof typeof kept]: _, ...rest} = kept
    expect(consistencySchema.safeParse(rest).success).toBe(false)
    expect(consistencySchema.safeParse({...kept, [name]: 'other'}).success).toBe(false)
  })

  test.each<[string, object]>([
    ['more than it says', {more: 1}],
    ['fewer than no keys', {keys: -1}],
    ['half a key', {intact: 0.5}],
    ['findings of other kinds', {findings: {...kept.findings, other: 1}}],
    ['a kind of findings too few', {findings: {lost: 1}}],
    ['a node without a name', {nodes: [1]}],
    ['half a time', {lostAcks: {firstMs: 1, lastMs: 2}}],
    ['more times', {lostAcks: {...kept.lostAcks, more: 1}}],
    ['removals of nobody', {removals: [{...removals, name: undefined}]}],
    ['more removals', {removals: [{...removals, more: 1}]}],
    ['removals that are none', {removals: [{...removals, evictions: 'one', reclaimed: 'x'}]}],
    ['an example of another kind', {examples: [{...example, kind: 'other'}]}],
    ['more in an example', {examples: [{...example, more: 1}]}],
    ['an example of no key', {examples: [{kind: 'lost', text: 'gone'}]}],
  ])('has not %s', (_, change) => {
    expect(consistencySchema.safeParse({...kept, ...change}).success).toBe(false)
  })
})
