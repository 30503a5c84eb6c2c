import {describe, expect, test} from 'vitest'
import type {StoredItem} from '../../../../src/engine/transfer/items/stored-item.js'
import {decide, type SyncPolicy} from '../../../../src/engine/transfer/sync/decide.js'

function item(value: string, more: Partial<StoredItem> = {}): StoredItem {
  return {key: 'k', flags: 0, expiresAt: 0, cas: '1', value: Buffer.from(value), ...more}
}

const addOnly: SyncPolicy = {kind: 'oneWay', overwrite: false, delete: false}
const overwrite: SyncPolicy = {kind: 'oneWay', overwrite: true, delete: false}
const mirror: SyncPolicy = {kind: 'oneWay', overwrite: true, delete: true}

describe('one way', () => {
  test('adds what is missing, whatever else is asked', () => {
    const from = item('a')
    for (const policy of [addOnly, overwrite, mirror]) {
      expect(decide(from, null, policy)).toEqual({
        kind: 'act',
        difference: 'onlyOnFrom',
        action: {kind: 'copy', source: 'from', item: from, replaces: null},
      })
    }
  })

  test.each([
    ['value', item('a'), item('b', {flags: 1})],
    ['flags', item('a', {expiresAt: 1000}), item('a', {flags: 1})],
    ['exptime', item('a', {expiresAt: 1000}), item('a', {expiresAt: 1003})],
    ['exptime', item('a', {expiresAt: 0}), item('a', {expiresAt: 1003})],
  ] as const)('leaves another %s, or replaces it where that is asked', (difference, from, to) => {
    expect(decide(from, to, addOnly)).toEqual({kind: 'leave', difference})
    expect(decide(from, to, overwrite)).toEqual({
      kind: 'act',
      difference,
      action: {kind: 'copy', source: 'from', item: from, replaces: to},
    })
  })

  test('takes exptimes within the rounding of clocks, and unknown ones, for the same', () => {
    expect(decide(item('a', {expiresAt: 1000}), item('a', {expiresAt: 1002}), overwrite)).toEqual({kind: 'same'})
    expect(decide(item('a', {expiresAt: 1000}), item('a', {expiresAt: null}), overwrite)).toEqual({kind: 'same'})
    expect(decide(item('a', {expiresAt: null}), item('a', {expiresAt: 5}), overwrite)).toEqual({kind: 'same'})
  })

  test('deletes what FROM does not have only where that is asked', () => {
    const to = item('b')
    expect(decide(null, to, overwrite)).toEqual({kind: 'leave', difference: 'onlyOnTo'})
    expect(decide(null, to, mirror)).toEqual({
      kind: 'act',
      difference: 'onlyOnTo',
      action: {kind: 'delete', side: 'to', item: to},
    })
  })

  test('does nothing about a key that is on neither side', () => {
    expect(decide(null, null, mirror)).toEqual({kind: 'absent'})
  })
})

describe('both ways', () => {
  const both = (winner: Extract<SyncPolicy, {kind: 'both'}>['winner']): SyncPolicy => ({kind: 'both', winner})

  test('adds to each what only the other has', () => {
    const only = item('a')
    const policy = both({kind: 'side', side: 'from'})
    expect(decide(only, null, policy)).toMatchObject({action: {kind: 'copy', source: 'from', replaces: null}})
    expect(decide(null, only, policy)).toMatchObject({action: {kind: 'copy', source: 'to', replaces: null}})
  })

  test('leaves what differs without a rule, else the side that is preferred wins', () => {
    const [from, to] = [item('a'), item('b')]
    expect(decide(from, to, both({kind: 'none'}))).toEqual({kind: 'leave', difference: 'value'})
    expect(decide(from, to, both({kind: 'side', side: 'to'}))).toMatchObject({
      action: {source: 'to', item: to, replaces: from},
    })
    expect(decide(from, to, both({kind: 'side', side: 'from'}))).toMatchObject({
      action: {source: 'from', item: from, replaces: to},
    })
  })

  test.each([
    [1000, 1010, 'to'],
    [1010, 1000, 'from'],
    [1000, 1001, null],
    [0, 1000, null],
    [1000, 0, null],
    [null, 1000, null],
    [1000, null, null],
  ] as const)('of exptimes %s and %s the later one tells which item is newer: %s', (from, to, winner) => {
    const decision = decide(item('a', {expiresAt: from}), item('b', {expiresAt: to}), both({kind: 'laterExptime'}))
    if (winner === null) expect(decision).toEqual({kind: 'leave', difference: 'value'})
    else expect(decision).toMatchObject({kind: 'act', action: {source: winner}})
  })
})
