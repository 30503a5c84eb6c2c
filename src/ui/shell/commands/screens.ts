import type {ScreenId, ScreenStates} from '../../core/part-types.js'
import type {Screen} from '../../core/screen.js'
import {type Session, unknownSession} from '../../core/session.js'
import type {Busy, ShellState, UiState} from '../../core/ui-state.js'
import type {WindowSize} from '../../draw/layout.js'
import {consoleScreen} from '../../screens/console/console-screen.js'
import {drillScreen} from '../../screens/drill/drill-screen.js'
import {loadScreen} from '../../screens/load/load-screen.js'
import {nodesScreen} from '../../screens/nodes/nodes-screen.js'
import {reportScreen} from '../../screens/report/report-screen.js'

/** The screens, in the order of their keys 1 to 5. A new screen is its folder and a line here. */
export const screens: readonly Screen[] = [nodesScreen, loadScreen, consoleScreen, drillScreen, reportScreen]

export const firstScreen = nodesScreen

export function screenOf({screen}: Pick<UiState, 'screen'>): Screen {
  return screenNamed(screen)
}

export function screenNamed(id: ScreenId): Screen {
  return screens.find(screen => screen.id === id)!
}

/** A load or a drill that runs; null: nothing runs. */
export function busyOf(state: UiState): Busy | null {
  for (const screen of screens) {
    const busy = screen.busy?.(state) ?? null
    if (busy !== null) return busy
  }
  return null
}

export function initialState(size: WindowSize, nowMs: number, session: Session = unknownSession): UiState {
  const shell: ShellState = {
    screen: firstScreen.id,
    size,
    session,
    dialog: null,
    overlay: null,
    help: null,
    notice: null,
    activity: null,
    busy: null,
    nowMs,
    nodes: [],
    pairs: [],
    events: [],
  }
  // Each screen gives its own fields; together they are all that there are.
  const ofScreens = Object.assign({}, ...screens.map(({initial}) => initial)) as ScreenStates
  return {...shell, ...ofScreens}
}
