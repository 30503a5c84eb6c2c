import {expect, test} from 'vitest'
import {addToSpells, type FaultSpell, mergeSpells} from '../../../src/engine/verify/verification.js'

const missing = {kind: 'missing', server: 'a:1'} as const

test('wrong reads soon after each other are one spell, by kind and server', () => {
  const spells: FaultSpell[] = []
  for (const at of [1, 1.2, 1.6]) addToSpells(spells, {...missing, at})
  addToSpells(spells, {kind: 'stale', server: 'a:1', at: 1.3})
  addToSpells(spells, {kind: 'missing', server: 'b:1', at: 1.7})
  addToSpells(spells, {...missing, at: 2.2})
  expect(spells).toEqual([
    {...missing, from: 1, to: 1.6, reads: 3},
    {kind: 'stale', server: 'a:1', from: 1.3, to: 1.3, reads: 1},
    {kind: 'missing', server: 'b:1', from: 1.7, to: 1.7, reads: 1},
    {...missing, from: 2.2, to: 2.2, reads: 1},
  ])
})

test('a hundred spells are kept, and those that are kept go on', () => {
  const spells: FaultSpell[] = []
  for (let at = 0; at < 150; at++) addToSpells(spells, {...missing, at})
  expect(spells).toHaveLength(100)
  addToSpells(spells, {...missing, at: 99.4})
  expect(spells.at(-1)).toEqual({...missing, from: 99, to: 99.4, reads: 2})
  // Another kind has room of its own.
  addToSpells(spells, {kind: 'stale', server: 'a:1', at: 200})
  expect(spells.at(-1)).toEqual({kind: 'stale', server: 'a:1', from: 200, to: 200, reads: 1})
})

test('the spells of several threads are put together', () => {
  const first = [{...missing, from: 5, to: 5.2, reads: 2}]
  const second = [
    {...missing, from: 1, to: 1, reads: 1},
    {...missing, from: 5.1, to: 5.6, reads: 3},
  ]
  expect(mergeSpells([first, second])).toEqual([second[0], {...missing, from: 5, to: 5.6, reads: 5}])
})
