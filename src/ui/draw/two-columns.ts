import type {PaneLine} from './pane.js'
import {paint, type Span} from './text.js'
import type {Theme} from './theme.js'

/** From here lines that are no longer than half a screen stand side by side. */
export const TWO_COLUMNS_FROM = 140
const GAP = 2

/** Cells of each of two columns. */
export function columnWidth(width: number): number {
  return Math.floor((width - GAP) / 2)
}

/** Lines below each other in so many rows; what has no room goes on at their right. */
export function twoColumns(
  lines: readonly (readonly Span[])[],
  {rows, width}: {rows: number; width: number},
  theme: Theme,
): readonly PaneLine[] {
  if (lines.length <= rows) return lines
  const column = columnWidth(width)
  return lines.slice(0, rows).map((line, row): PaneLine => {
    const right = paint(['  ', ...(lines[row + rows] ?? [])], width - column, theme)
    return {painted: paint(line, column, theme) + right}
  })
}
