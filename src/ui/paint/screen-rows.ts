import type {WindowSize} from '../draw/layout.js'

/** Ready-made lines at a place of the screen; what has a higher layer lies over the rest. */
export interface PlacedLines {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly layer: number
  readonly lines: readonly string[]
}

const ERASE_LINE = '\u001B[2K'
const ERASE_TO_END = '\u001B[K'

/**
 * What to write to have each row of the screen show these lines, in order. Cursor addresses are ECMA-48's CUP; a row
 * with cells that nothing covers is erased first. Lines outside of the screen are left out: they would wrap or scroll.
 */
export function screenRows(placed: readonly PlacedLines[], {columns, rows}: WindowSize): string[] {
  const onScreen = placed.filter(({x, width}) => x >= 0 && width > 0 && x + width <= columns)
  const inOrder = onScreen.toSorted((a, b) => a.layer - b.layer || a.x - b.x)
  return Array.from({length: rows}, (_, row) => {
    const parts = inOrder.filter(({y, lines}) => row >= y && row < y + lines.length)
    const seen = parts.filter((part, index) => !parts.slice(index + 1).some(later => covers(later, part)))
    const write = ({x, y, width, lines}: PlacedLines) => {
      const line = lines[row - y] ?? ''
      return `${cursorTo(row, x)}${x + width === columns ? withoutBlankEnd(line) : line}`
    }
    const written = seen.map(write).join('')
    return isTiled(seen, columns) ? written : `${cursorTo(row, 0)}${ERASE_LINE}${written}`
  })
}

/** @param row, column from 0 */
export function cursorTo(row: number, column: number): string {
  return `\u001B[${row + 1};${column + 1}H`
}

/** Cells that are erased are no text to whoever copies from the terminal. */
function withoutBlankEnd(line: string): string {
  return line.endsWith(' ') ? `${line.trimEnd()}${ERASE_TO_END}` : line
}

type Extent = Pick<PlacedLines, 'x' | 'width'>

function covers(over: Extent, under: Extent): boolean {
  return over.x <= under.x && over.x + over.width >= under.x + under.width
}

function isTiled(parts: readonly Extent[], columns: number): boolean {
  let end = 0
  for (const {x, width} of parts.toSorted((a, b) => a.x - b.x)) {
    if (x > end) return false
    end = Math.max(end, x + width)
  }
  return end === columns
}
