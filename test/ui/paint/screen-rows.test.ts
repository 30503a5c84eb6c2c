import {expect, it} from 'vitest'
import {type PlacedLines, screenRows} from '../../../src/ui/paint/screen-rows.js'

const size = {columns: 10, rows: 3}
const at = (x: number, y: number, lines: readonly string[], layer = 0): PlacedLines => ({
  x,
  y,
  width: lines[0]?.length ?? 0,
  layer,
  lines,
})
const shown = (...placed: readonly PlacedLines[]) =>
  screenRows(placed, size).map(row => row.replaceAll('\u001B', '').replaceAll(/\[(\d+);(\d+)H/g, '<$1,$2>'))

it('a row is what lies side by side in it, and is erased where nothing lies', () => {
  expect(shown(at(5, 0, ['right', 'below']), at(0, 0, ['lefts']))).toEqual([
    '<1,1>lefts<1,6>right',
    '<2,1>[2K<2,6>below',
    '<3,1>[2K',
  ])
})

it('what lies over something comes after it, and what is out of sight is left out', () => {
  const screen = at(0, 0, ['0123456789', 'abcdefghij'])
  expect(shown(at(2, 1, ['over'], 1), screen)[1]).toBe('<2,1>abcdefghij<2,3>over')
  expect(shown(at(0, 1, ['covers all'], 2), at(2, 1, ['over'], 1), screen)[1]).toBe('<2,1>covers all')
})

it('blanks at the end are erased instead', () => {
  expect(shown(at(0, 0, ['text      ']))[0]).toBe('<1,1>text[K')
  expect(shown(at(0, 0, ['text ']), at(5, 0, ['abcde']))[0]).toBe('<1,1>text <1,6>abcde')
})

it('what would wrap or scroll is left out', () => {
  expect(shown(at(8, 0, ['too wide']), at(0, 2, ['last row', 'and one more']))).toEqual([
    '<1,1>[2K',
    '<2,1>[2K',
    '<3,1>[2K<3,1>last row',
  ])
})
