import {expect, test} from 'vitest'
import {pickExamples} from '../../../src/engine/verify/pick-examples.js'
import {mergeVerifications, type Verification} from '../../../src/engine/verify/verification.js'

type Kind = 'a' | 'b' | 'c'
const worstFirst: readonly Kind[] = ['a', 'b', 'c']
const of = (kind: Kind, count: number) => Array.from({length: count}, (_, number) => ({kind, number}))

test.each([
  ['one kind has all the room', [...of('c', 12)], of('c', 10)],
  ['a rare kind is shown before a frequent one', [...of('c', 12), ...of('a', 1)], [...of('a', 1), ...of('c', 9)]],
  [
    'they share the room',
    [...of('c', 90), ...of('b', 90), ...of('a', 90)],
    [...of('a', 4), ...of('b', 3), ...of('c', 3)],
  ],
  ['nothing found', [], []],
])('examples: %s', (_, found, picked) => {
  expect(pickExamples(found, {worstFirst})).toEqual(picked)
})

test('every kind is shown, however little room there is', () => {
  expect(pickExamples([...of('c', 5), ...of('b', 5), ...of('a', 5)], {worstFirst, most: 2})).toEqual([
    ...of('a', 1),
    ...of('b', 1),
    ...of('c', 1),
  ])
})

test('kinds that one thread found alone are among the examples of all threads', () => {
  const thread = (kind: 'stale' | 'missing' | 'corrupt', count: number): Verification => ({
    fresh: 0,
    stale: 0,
    missing: 0,
    foreign: 0,
    corrupt: 0,
    leftover: 0,
    worstStaleVersions: 0,
    spells: [],
    [kind]: count,
    examples: Array.from({length: Math.min(10, count)}, (_, index) => ({key: `k${index}`, kind, text: ''})),
  })
  const {examples} = mergeVerifications([thread('missing', 900), thread('stale', 650), thread('corrupt', 1)])
  expect(examples.map(({kind}) => kind)).toEqual(['corrupt', ...Array(5).fill('stale'), ...Array(4).fill('missing')])
})
