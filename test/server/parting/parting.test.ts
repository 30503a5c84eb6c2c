import {describe, expect, it} from 'vitest'
import {describeParting, type PartedKey} from '../../../src/server/parting/parting.js'

const described = (parted: readonly PartedKey[], items: readonly [number | null, number | null] = [52, 1_234_567]) =>
  describeParting({names: ['m1', 's1'], items, looked: 80, parted, sinceMs: 7})

const keys = (kind: PartedKey['kind'], ...names: readonly string[]): PartedKey[] => names.map(key => ({key, kind}))

describe('what parts', () => {
  it('is counted by its kind, with a few examples', () => {
    const parting = described([
      ...keys('onlyOnFirst', 'a', 'b'),
      ...keys('onlyOnSecond', 'c'),
      ...keys('different', 'd', 'e', 'f'),
    ])
    expect(parting).toEqual({
      text: 'the nodes part: 52 and 1,234,567 items',
      detail: 'of 80 keys looked at 2 are on m1 only, 1 are on s1 only, 3 differ (such as a, b, c)',
      items: [52, 1_234_567],
      looked: 80,
      found: {onlyOnFirst: 2, onlyOnSecond: 1, different: 3},
      examples: ['a', 'b', 'c'],
      sinceMs: 7,
    })
  })

  it.each([
    ['onlyOnFirst', '1 are on m1 only'],
    ['onlyOnSecond', '1 are on s1 only'],
    ['different', '1 differ'],
  ] as const)('names no other kind than %s where there is none', (kind, text) => {
    expect(described(keys(kind, 'k')).detail).toBe(`of 80 keys looked at ${text} (such as k)`)
  })

  it('may be of nodes that do not say how much they hold', () => {
    expect(described(keys('different', 'k'), [null, 3]).text).toBe('the nodes part: unknown and 3 items')
    expect(described(keys('different', 'k'), [3, null]).text).toBe('the nodes part: 3 and unknown items')
  })

  it('is shown as UTF-8, and cannot steer a terminal', () => {
    const names = [Buffer.from('café').toString('latin1'), '\u009b31m']
    const {detail, examples} = described(keys('onlyOnFirst', ...names))
    expect(examples).toEqual(['café', '\\x9b31m'])
    expect(detail).toContain('such as café, \\x9b31m')
  })
})
