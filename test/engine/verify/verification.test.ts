import {describe, expect, test} from 'vitest'
import {
  addToSpells,
  countFaults,
  emptyVerification,
  type Fault,
  type FaultSpell,
  mergeSpells,
  mergeVerifications,
  noteFault,
  type Verification,
} from '../../../src/engine/verify/verification.js'

function verificationWith(counts: Partial<Verification>): Verification {
  return {...emptyVerification(), ...counts}
}

const counts = {fresh: 1, stale: 2, missing: 3, foreign: 4, corrupt: 5, leftover: 6, worstStaleVersions: 7}

test('faults are all that is wrong with reads', () => {
  expect(countFaults(verificationWith(counts))).toBe(14)
  expect(countFaults(null)).toBe(0)
})

test('the parts of threads add up; the worst of them counts', () => {
  const other = verificationWith({...counts, fresh: 10, worstStaleVersions: 9})
  const merged = mergeVerifications([verificationWith(counts), other, emptyVerification()])
  expect(merged).toEqual({
    fresh: 11,
    stale: 4,
    missing: 6,
    foreign: 8,
    corrupt: 10,
    leftover: 12,
    worstStaleVersions: 9,
    examples: [],
    spells: [],
  })
})

test('a fault is counted, and its first few are told', () => {
  const verification = emptyVerification()
  for (let number = 0; number < 20; number++) {
    noteFault(verification, {
      kind: 'stale',
      key: () => `k${number}`,
      text: () => `text ${number}`,
      at: number,
      server: 'a:1',
    })
  }
  expect(verification.stale).toBe(20)
  expect(verification.examples[0]).toEqual({key: 'k0', kind: 'stale', text: 'text 0'})
  expect(verification.examples.length).toBeLessThan(20)
  expect(verification.spells[0]).toEqual({kind: 'stale', server: 'a:1', from: 0, to: 0, reads: 1})
})

test('a merge shows the worst kinds first', () => {
  const example = (kind: Fault) => ({key: kind, kind, text: ''})
  const parts = (['missing', 'stale', 'foreign', 'corrupt'] as const).map(kind =>
    verificationWith({examples: [example(kind)], spells: [{kind, server: 'a:1', from: 1, to: 1, reads: 1}]}),
  )
  const {examples, spells} = mergeVerifications(parts)
  expect(examples.map(({kind}) => kind)).toEqual(['corrupt', 'foreign', 'stale', 'missing'])
  expect(spells).toHaveLength(4)
})

describe('spells', () => {
  const spell = (from: number, to = from, changes: Partial<FaultSpell> = {}): FaultSpell => ({
    kind: 'stale',
    server: 'a:1',
    from,
    to,
    reads: 1,
    ...changes,
  })

  test('are faults of one kind from one server, no more than half a second apart', () => {
    const spells: FaultSpell[] = []
    const add = (at: number, kind: Fault = 'stale', server = 'a:1') => addToSpells(spells, {at, kind, server})
    add(1)
    add(1.5)
    add(1.6, 'missing')
    add(1.7, 'stale', 'b:1')
    add(2)
    add(2.501)
    add(2.1, 'missing')
    expect(spells).toEqual([
      spell(1, 2, {reads: 3}),
      spell(1.6, 2.1, {kind: 'missing', reads: 2}),
      spell(1.7, 1.7, {server: 'b:1'}),
      spell(2.501),
    ])
  })

  test('of threads are joined in order of time, up to their latest end', () => {
    const merged = mergeSpells([
      [spell(3, 3.4, {reads: 2}), spell(9)],
      [spell(1, 5, {reads: 10}), spell(5.2)],
    ])
    expect(merged).toEqual([spell(1, 5.2, {reads: 13}), spell(9)])
  })

  test('are kept up to a hundred of a kind; what continues one is counted in it still', () => {
    const spells: FaultSpell[] = []
    for (let at = 0; at < 150; at++) addToSpells(spells, {at, kind: 'stale', server: 'a:1'})
    expect(spells).toHaveLength(100)
    addToSpells(spells, {at: 99.4, kind: 'stale', server: 'a:1'})
    expect(spells.at(-1)).toEqual(spell(99, 99.4, {reads: 2}))
    addToSpells(spells, {at: 500, kind: 'missing', server: 'a:1'})
    expect(spells).toHaveLength(101)
  })
})
