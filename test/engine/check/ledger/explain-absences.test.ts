import {expect, test} from 'vitest'
import {explainAbsences} from '../../../../src/engine/check/ledger/explain-absences.js'
import type {Absence, Finding} from '../../../../src/engine/check/ledger/ledger-verdict.js'
import type {NodeRemovals} from '../../../../src/engine/check/ledger/node-removals.js'

const missing = (absence: Absence, count: number, lostVersions = 0): Finding[] =>
  Array.from({length: count}, () => ({kind: 'lost', lostVersions, staleVersions: 0, absence}))

const counted = (evictions: number, isCertain = true): NodeRemovals => ({
  name: 'n',
  evictions,
  reclaimed: 0,
  expiredUnfetched: 0,
  isCertain,
})

test.each<[string, Finding[], NodeRemovals[], Record<string, number>, number]>([
  ['nothing was evicted', missing('both', 3), [counted(0), counted(0)], {fault: 3}, 0],
  ['as much was evicted', missing('both', 30), [counted(0), counted(30)], {evicted: 30}, 0],
  ['by both together', missing('both', 30), [counted(20), counted(20)], {evicted: 30}, 0],
  ['more is missing: the rest is lost', missing('both', 30), [counted(10), counted(5)], {undecided: 30}, 15],
  ['the other node does not explain it', missing('A', 3), [counted(0), counted(9)], {fault: 3}, 0],
  ['a node explains what it lacks', missing('A', 3), [counted(3), counted(0)], {evicted: 3}, 0],
  ['so does the other', missing('B', 3), [counted(0), counted(3)], {evicted: 3}, 0],
  ['but not what it has', missing('B', 3), [counted(9), counted(0)], {fault: 3}, 0],
  [
    'what only one lacks is explained first',
    [...missing('A', 3), ...missing('both', 4)],
    [counted(5), counted(0)],
    {evicted: 3, undecided: 4},
    2,
  ],
  ['a count that is not complete', missing('both', 3), [counted(0, false), counted(0)], {undecided: 3}, 0],
  ['but large enough', missing('both', 3), [counted(5, false), counted(0)], {evicted: 3}, 0],
  ['nobody could be asked', missing('both', 3), [], {undecided: 3}, 0],
  ['an older value is no eviction', missing('none', 3), [counted(9), counted(9)], {fault: 3}, 0],
  ['of one node', missing('both', 3), [counted(3)], {evicted: 3}, 0],
])('%s', (_, findings, removals, expected, lost) => {
  const {explanations, certainlyLost} = explainAbsences(findings, removals)
  const counts: Record<string, number> = {}
  for (const explanation of explanations) counts[explanation] = (counts[explanation] ?? 0) + 1
  expect(counts).toEqual(expected)
  expect(certainlyLost.keys).toBe(lost)
})

test('of what is lost for certain, the fewest versions that it can be', () => {
  const findings = [...missing('both', 2, 5), ...missing('both', 2, 1)]
  expect(explainAbsences(findings, [counted(1)]).certainlyLost).toEqual({keys: 3, versions: 7})
})
