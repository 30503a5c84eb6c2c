import {describe, expect, test} from 'vitest'
import type {WrongKey} from '../../../../src/engine/check/ledger/ledger-verdict.js'
import {findLostAcks, sparingDeleted} from '../../../../src/engine/check/ledger/lost-acks.js'

const ack = (key: number, version: number, atMs: number, removes = false) => ({key, version, atMs, removes})
const acksOf = (...acks: ReturnType<typeof ack>[]) => ({remembered: () => acks, hasForgotten: false})

describe('lost writes were acknowledged', () => {
  const acks = acksOf(ack(1, 1, 100), ack(1, 2, 300), ack(2, 1, 200), ack(1, 3, 250), ack(3, 9, 900))

  test('from the first to the last of those after the version that is left', () => {
    expect(findLostAcks(acks, new Map([[1, 1]]), 10_000)).toEqual({firstMs: 10_250, lastMs: 10_300, isComplete: true})
    const both = new Map([
      [1, 0],
      [2, 0],
    ])
    expect(findLostAcks(acks, both, 0)).toMatchObject({firstMs: 100, lastMs: 300})
  })

  test('at a time that nobody knows where none of them is remembered', () => {
    expect(findLostAcks(acks, new Map([[1, 3]]), 0)).toBeNull()
    expect(findLostAcks(acks, new Map([[7, 0]]), 0)).toBeNull()
    expect(findLostAcks(acks, new Map(), 0)).toBeNull()
  })

  test('perhaps earlier still where some are forgotten', () => {
    expect(findLostAcks({...acks, hasForgotten: true}, new Map([[1, 1]]), 0)).toMatchObject({isComplete: false})
  })
})

describe('a key that is on no node', () => {
  const lost = (key: number, lostVersions: number, absence: WrongKey['finding']['absence'] = 'both'): WrongKey => ({
    key,
    finding: {kind: 'lost', lostVersions, staleVersions: 0, absence},
    held: [],
  })
  const spared = (wrong: readonly WrongKey[], ...acks: ReturnType<typeof ack>[]) =>
    sparingDeleted(wrong, {acks: acksOf(...acks), acknowledged: () => 5}).map(({finding}) => finding.lostVersions)

  test('has lost what was written after its newest acknowledged delete', () => {
    expect(spared([lost(1, 5)], ack(1, 2, 0, true), ack(1, 4, 0), ack(1, 3, 0, true))).toEqual([2])
  })

  test('has lost everything where it was not deleted', () => {
    expect(spared([lost(1, 5)], ack(1, 2, 0), ack(2, 4, 0, true))).toEqual([5])
  })

  test('of which one version is lost has no delete before it', () => {
    expect(spared([lost(1, 1)], ack(1, 3, 0, true))).toEqual([1])
  })

  test('is not one that a node has still', () => {
    expect(spared([lost(1, 3, 'A'), lost(2, 5)], ack(1, 4, 0, true), ack(2, 4, 0, true))).toEqual([3, 1])
  })
})
