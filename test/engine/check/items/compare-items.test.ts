import {describe, expect, test} from 'vitest'
import {
  compareItems,
  differInExptime,
  type Side,
  worstDifferencesFirst,
} from '../../../../src/engine/check/items/compare-items.js'

const item = (value: string, flags = 0) => ({flags, value: Buffer.from(value)}) as unknown as NonNullable<Side['item']>
const side = (value: string | null, {flags = 0, expiresAt = null as number | null} = {}): Side => ({
  item: value === null ? null : item(value, flags),
  expiresAt,
})
const kindOf = (a: Side, b: Side) => compareItems('k', a, b)?.kind ?? null

describe('two nodes', () => {
  test('hold the same', () => {
    expect(kindOf(side('x'), side('x'))).toBeNull()
    expect(kindOf(side('x', {flags: 3, expiresAt: 100}), side('x', {flags: 3, expiresAt: 100}))).toBeNull()
    expect(kindOf(side(null), side(null))).toBeNull()
  })

  test('of which one has nothing', () => {
    expect(kindOf(side(null), side('x'))).toBe('missingOnA')
    expect(kindOf(side('x'), side(null))).toBe('missingOnB')
  })

  test('differ in value before flags before exptime', () => {
    expect(kindOf(side('x', {flags: 1, expiresAt: 1}), side('y', {flags: 2, expiresAt: 100}))).toBe('value')
    expect(kindOf(side('x', {flags: 1, expiresAt: 1}), side('x', {flags: 2, expiresAt: 100}))).toBe('flags')
    expect(kindOf(side('x', {expiresAt: 1}), side('x', {expiresAt: 100}))).toBe('exptime')
  })

  test('of which one does not tell an exptime do not differ in it', () => {
    expect(kindOf(side('x', {expiresAt: 100}), side('x'))).toBeNull()
    expect(kindOf(side('x'), side('x', {expiresAt: 100}))).toBeNull()
  })

  test('are named with what they hold', () => {
    const {key, text} = compareItems('k', side('xy', {flags: 1}), side('xy', {flags: 2}))!
    expect(key).toBe('k')
    expect(text).toMatch(/1.*2/)
    const textOf = (a: Side, b: Side) => compareItems('k', a, b)?.text
    expect(textOf(side('x', {expiresAt: 0}), side('x', {expiresAt: 1_700_000_000}))).toBe(
      'A: never expires, B: expires 2023-11-14T22:13:20.000Z',
    )
    expect(textOf(side('x'), side('\n~ y\x7f'))).toBe("A has 1 byte 'x', B has 5 bytes '·~ y·'")
    expect(textOf(side(null), side(''))).toBe("only on B: 0 bytes ''")
  })

  test('are named with the start of long values', () => {
    const long = 'abcdefghijklmnopqrstuvwx'
    expect(compareItems('k', side(long), side(null))?.text).toBe(`only on A: 24 bytes '${long}'`)
    expect(compareItems('k', side(null), side(`${long}y`))?.text).toBe(`only on B: 25 bytes '${long}…'`)
  })

  test('differ the worst in their values', () => {
    expect(worstDifferencesFirst).toEqual(['value', 'flags', 'missingOnA', 'missingOnB', 'exptime'])
  })
})

test('exptimes differ by more than two seconds, or when one of them is never', () => {
  expect([differInExptime(100, 102), differInExptime(102, 100)]).toEqual([false, false])
  expect([differInExptime(100, 103), differInExptime(103, 100)]).toEqual([true, true])
  expect([differInExptime(0, 1), differInExptime(1, 0), differInExptime(0, 0)]).toEqual([true, true, false])
})
