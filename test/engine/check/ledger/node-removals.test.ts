import {expect, test} from 'vitest'
import {type NodeRemovals, type RemovalFigures, RemovalSum} from '../../../../src/engine/check/ledger/node-removals.js'

const sample = (pid: number, evictions: number | null, changes: Partial<RemovalFigures> = {}): RemovalFigures => ({
  pid,
  evictions,
  reclaimed: 0,
  expiredUnfetched: 0,
  bytes: 10,
  limitBytes: 100,
  ...changes,
})

function sumOf(samples: readonly RemovalFigures[]): NodeRemovals {
  const sum = new RemovalSum()
  for (const one of samples) sum.add(one)
  return sum.of('n')
}

test.each<[string, RemovalFigures[], number, boolean]>([
  ['what had happened before does not count', [sample(1, 7), sample(1, 7), sample(1, 10)], 3, true],
  ['a new process counts from 0', [sample(1, 0), sample(2, 4)], 4, true],
  ['one that had evicted may have evicted more before it died', [sample(1, 0), sample(1, 2), sample(2, 4)], 6, false],
  ['and so may one whose memory was in use', [sample(1, 0, {bytes: 60}), sample(2, 0)], 0, false],
  ['half of its memory is in use', [sample(1, 0, {bytes: 50}), sample(2, 0)], 0, false],
  ['less than half', [sample(1, 0, {bytes: 49}), sample(2, 0)], 0, true],
  ['nobody knows how much', [sample(1, 0, {bytes: null}), sample(2, 0)], 0, false],
  ['or of how much', [sample(1, 0, {limitBytes: null}), sample(2, 0)], 0, false],
  ['counters that were reset', [sample(1, 5), sample(1, 2)], 2, false],
  ['a node that does not count', [sample(1, null), sample(1, null)], 0, false],
  ['a node that never answered', [], 0, false],
])('%s', (_, samples, evictions, isCertain) => {
  expect(sumOf(samples)).toMatchObject({name: 'n', evictions, isCertain})
})

test('expired items are counted alike', () => {
  const samples = [sample(1, 0, {reclaimed: 1, expiredUnfetched: 1}), sample(1, 0, {reclaimed: 5, expiredUnfetched: 3})]
  expect(sumOf(samples)).toMatchObject({reclaimed: 4, expiredUnfetched: 2})
})
