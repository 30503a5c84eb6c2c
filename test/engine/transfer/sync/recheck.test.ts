import {expect, test} from 'vitest'
import type {StoredItem} from '../../../../src/engine/transfer/items/stored-item.js'
import {decideAgain, Recheck} from '../../../../src/engine/transfer/sync/recheck.js'

function item(value: string, cas = '1'): StoredItem {
  return {key: 'k', flags: 3, expiresAt: 0, cas, value: Buffer.from(value)}
}

function copied(value: string) {
  const recheck = new Recheck()
  recheck.add({kind: 'copy', source: 'from', item: item(value), replaces: null})
  return recheck.take()[0]!
}

test('what the sync wrote is replaced by what the source has now', () => {
  const target = item('old', '9')
  expect(decideAgain(copied('old'), {from: item('new'), to: target})).toEqual({
    kind: 'act',
    action: {kind: 'copy', source: 'from', item: item('new'), replaces: target},
  })
})

test('what the sync wrote is deleted when the source has deleted it', () => {
  const target = item('old', '9')
  expect(decideAgain(copied('old'), {from: null, to: target})).toEqual({
    kind: 'act',
    action: {kind: 'delete', side: 'to', item: target},
  })
})

test('what somebody else wrote over it is left', () => {
  expect(decideAgain(copied('old'), {from: item('new'), to: item('newer', '9')})).toEqual({kind: 'foreign'})
  expect(decideAgain(copied('old'), {from: item('new'), to: null})).toEqual({kind: 'foreign'})
})

test('nothing is to be done where both sides agree by now', () => {
  expect(decideAgain(copied('old'), {from: item('new'), to: item('new', '9')})).toEqual({kind: 'fine'})
  expect(decideAgain(copied('old'), {from: null, to: null})).toEqual({kind: 'fine'})
})

test('a key that came back after its delete is copied, unless somebody has written it', () => {
  const recheck = new Recheck()
  recheck.add({kind: 'delete', side: 'to', item: item('gone')})
  const [key] = recheck.take()
  expect(decideAgain(key!, {from: item('back'), to: null})).toMatchObject({
    action: {kind: 'copy', source: 'from', replaces: null},
  })
  expect(decideAgain(key!, {from: item('back'), to: item('theirs')})).toEqual({kind: 'foreign'})
})

test('keys are taken once', () => {
  const recheck = new Recheck()
  recheck.add({kind: 'delete', side: 'to', item: item('gone')})
  expect(recheck.take()).toHaveLength(1)
  expect(recheck.take()).toHaveLength(0)
})
