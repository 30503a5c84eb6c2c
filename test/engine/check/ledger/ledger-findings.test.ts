import {expect, test} from 'vitest'
import {countFindings, nameFinding, worstFindingsFirst} from '../../../../src/engine/check/ledger/ledger-findings.js'
import {findingKinds, type Held} from '../../../../src/engine/check/ledger/ledger-verdict.js'

const held = (kind: Held['kind'], version = 0, flags = 0): Held => ({kind, version, flags})

function textOf(a: Held, b: Held, exptimes?: readonly [number, number]): string {
  const finding = {kind: 'lost', lostVersions: 1, staleVersions: 0, absence: 'none'} as const
  return nameFinding({
    wrong: {key: 0x1a, finding, held: [a, b]},
    kind: 'lost',
    record: {acknowledged: 5, sent: 6},
    keyPrefix: 'k:',
    nodes: ['m1', 's1'],
    exptimes,
  }).text
}

test('a wrong key is told in words: what was acknowledged, and what each node has', () => {
  expect(textOf(held('absent'), held('ours', 4))).toBe(
    'acknowledged version 5 of 6 sent; m1 has nothing, s1 has version 4',
  )
  expect(textOf(held('ours', 4, 7), held('corrupt'))).toContain('m1 has version 4 with flags 7, s1 has a corrupt value')
  expect(textOf(held('foreign'), held('absent'))).toContain('m1 has a value of another key or run')
})

test('a key with different exptimes is told by them', () => {
  const text = textOf(held('ours', 5), held('ours', 5), [0, 1_700_000_000])
  expect(text).toMatch(/m1 says that it .*, s1 says that it /)
  expect(text).not.toContain('version 5,')
})

test('findings are counted by kind; what evictions may explain is none', () => {
  const counts = countFindings(['lost', 'lost', 'evicted', 'undecided', 'corrupt'])
  expect(counts).toMatchObject({lost: 2, corrupt: 1, diverged: 0})
  expect(Object.keys(counts)).toHaveLength(12)
})

test('every kind has its place, from lost data to evicted', () => {
  expect(worstFindingsFirst.toSorted()).toEqual([...findingKinds, 'evicted', 'undecided'].toSorted())
  expect([worstFindingsFirst[0], worstFindingsFirst.at(-1)]).toEqual(['lost', 'evicted'])
})
