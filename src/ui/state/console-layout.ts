import {bodyArea, halves, SIDE_BY_SIDE_COLUMNS} from './layout.js'
import type {WindowSize} from './ui-state.js'

export interface ConsoleLayout {
  /** One pane a session, or one pane for the target alone. */
  readonly paneWidths: readonly number[]
  readonly paneHeight: number
  readonly inputRows: number
}

const INPUT_ROWS = 3

export function consoleLayout(size: WindowSize, sessionCount: number): ConsoleLayout {
  const {width, height} = bodyArea(size)
  const sideBySide = sessionCount > 1 && width >= SIDE_BY_SIDE_COLUMNS
  return {
    paneWidths: sideBySide ? halves(width) : [width],
    paneHeight: height - INPUT_ROWS,
    inputRows: INPUT_ROWS,
  }
}
