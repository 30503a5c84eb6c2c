import type {WindowSize} from '../../../draw/layout.js'
import {bodyArea, SIDE_BY_SIDE_COLUMNS} from '../../../draw/layout.js'

export interface ConsoleLayout {
  /** One pane a session, as many as there is room for. */
  readonly paneWidths: readonly number[]
  readonly paneHeight: number
  readonly inputRows: number
}

const INPUT_ROWS = 3
const PANE_COLUMNS_LEAST = 40
const PANES_MOST = 4

/** @param full the target's pane alone */
export function consoleLayout(size: WindowSize, sessionCount: number, full = false): ConsoleLayout {
  const {width, height} = bodyArea(size)
  const room = full || width < SIDE_BY_SIDE_COLUMNS ? 1 : Math.floor(width / PANE_COLUMNS_LEAST)
  const panes = Math.max(1, Math.min(room, sessionCount, PANES_MOST))
  return {
    paneWidths: Array.from({length: panes}, (_, index) => Math.floor((width + index) / panes)).reverse(),
    paneHeight: height - INPUT_ROWS,
    inputRows: INPUT_ROWS,
  }
}

/** The sessions that are in sight, the target among them. */
export function sessionsInSight<Session>(sessions: readonly Session[], target: Session | undefined, panes: number) {
  const at = target === undefined ? 0 : sessions.indexOf(target)
  const first = Math.max(0, Math.min(at - panes + 1, sessions.length - panes))
  return sessions.slice(first, first + panes)
}
