import {expect, test} from 'vitest'
import {findLostAcks} from '../../../src/engine/check/ledger/lost-acks.js'
import {AckTimes} from '../../../src/engine/verify/ack-times.js'

test('keeps the last time of each key, and every acknowledgement', () => {
  const acks = new AckTimes(AckTimes.allocate(3))
  acks.note(1, 1, 10, false)
  acks.note(3, 1, 20.04, false)
  acks.note(1, 2, 30.1, true)
  expect([1, 2, 3].map(key => acks.lastMs(key))).toEqual([30.1, null, 20])
  expect([...acks.remembered()]).toEqual([
    {key: 1, version: 1, atMs: 10, removes: false},
    {key: 3, version: 1, atMs: 20, removes: false},
    {key: 1, version: 2, atMs: 30.1, removes: true},
  ])
  expect(acks.hasForgotten).toBe(false)
  expect(
    Array.from(
      acks.since(0, key => key === 1),
      ({version}) => version,
    ),
  ).toEqual([2, 1])
})

test('forgets the oldest of more than a million, and says so', () => {
  const acks = new AckTimes(AckTimes.allocate(1))
  for (let version = 1; version <= 2 ** 20 + 5; version++) acks.note(1, version, version, false)
  expect(acks.hasForgotten).toBe(true)
  const versions = Array.from(acks.remembered(), ({version}) => version)
  expect([acks.reachesTo(5), acks.reachesTo(7)]).toEqual([false, true])
  expect(acks.since(0, () => true).next().value).toMatchObject({version: 2 ** 20 + 5})
  expect([versions.length, Math.min(...versions.slice(0, 10)), versions[5]]).toEqual([2 ** 20, 6, 6])
})

test('takes 4 bytes a key besides what is the same for any number of keys', () => {
  expect(AckTimes.allocate(1001).byteLength - AckTimes.allocate(1).byteLength).toBe(4000)
})

test('finds when the first and the last lost write were acknowledged', () => {
  const acks = new AckTimes(AckTimes.allocate(5))
  for (let round = 1; round <= 4; round++)
    for (let key = 1; key <= 5; key++) acks.note(key, round, round * 100 + key, false)
  // Of key 2 versions 3 and 4 are lost, of key 5 the last one.
  const lost = new Map([
    [2, 2],
    [5, 3],
  ])
  expect(findLostAcks(acks, lost, 1_000_000)).toEqual({firstMs: 1_000_302, lastMs: 1_000_405, isComplete: true})
  expect(findLostAcks(acks, new Map(), 0)).toBeNull()
})
