/** The terminal's size in cells. */
export interface WindowSize {
  readonly columns: number
  readonly rows: number
}

/** Below this the screens say that there is no room. */
export const SMALLEST: WindowSize = {columns: 60, rows: 15}
/** From here panes stand side by side. */
export const SIDE_BY_SIDE_COLUMNS = 80

const HEADER_ROWS = 1
const FOOTER_ROWS = 1

/** A pane's size in cells. */
export interface Area {
  readonly width: number
  readonly height: number
}

export function isTooSmall({columns, rows}: WindowSize): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows
}

export function bodyArea({columns, rows}: WindowSize): Area {
  return {width: columns, height: Math.max(0, rows - HEADER_ROWS - FOOTER_ROWS)}
}

/** Two widths that share `width` without a remainder. */
export function halves(width: number): readonly [left: number, right: number] {
  const left = Math.ceil(width / 2)
  return [left, width - left]
}

/** Lines between a pane's borders. */
export function innerRows(height: number): number {
  return Math.max(0, height - 2)
}
