import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {NodeView, PairView} from '../node-view/node-view.js'
import type {ConsoleState} from '../screens/console/state/console-state.js'
import {initialConsole} from '../screens/console/state/console-state.js'
import type {DrillState} from '../screens/drill/state/drill-state.js'
import {initialDrill} from '../screens/drill/state/drill-state.js'
import type {LoadState} from '../screens/load/state/load-state.js'
import {initialLoad} from '../screens/load/state/load-state.js'
import {initialNodes, type NodesState, visibleNodes} from '../screens/nodes/state/nodes-state.js'
import type {ReportState} from '../screens/report/state/report-state.js'
import {initialReport} from '../screens/report/state/report-state.js'
import type {Mode} from './binding.js'
import type {Effect} from './effect.js'
import {modeOfOverlay, type Overlay} from './overlay.js'
import {following, type Scroll} from './scroll.js'
import {type Session, unknownSession} from './session.js'

export const screens = ['nodes', 'load', 'console', 'drill', 'report'] as const
export type Screen = (typeof screens)[number]

/** Everything the screens draw. Changed only by update(), never in place. */
export interface UiState {
  readonly screen: Screen
  readonly size: WindowSize
  /** What stays as it is while the program runs. */
  readonly session: Session
  readonly dialog: Dialog | null
  /** What lies over the screen: a menu, a log, the palette. */
  readonly overlay: Overlay | null
  /** First line of the help shown; null while the help is closed. */
  readonly help: number | null
  readonly notice: Notice | null
  /** What the program is doing for the operator at the moment ("launching a pair"). */
  readonly busy: string | null
  /** Wall clock of the last sample, ms since the epoch. */
  readonly nowMs: number
  readonly nodes: readonly NodeView[]
  readonly pairs: readonly PairView[]
  readonly selectedNode: string | null
  readonly nodesView: NodesState
  readonly events: readonly NodeEvent[]
  readonly eventsScroll: Scroll<NodeEvent>
  readonly load: LoadState
  readonly console: ConsoleState
  readonly drill: DrillState
  readonly report: ReportState
}

export interface WindowSize {
  readonly columns: number
  readonly rows: number
}

/** One line in the place of the footer, until the next key press. */
export interface Notice {
  readonly tone: 'ok' | 'bad'
  readonly text: string
}

/** A question before something destructive; the answer marked at first is no. */
export interface Dialog {
  readonly title: string
  readonly body: readonly string[]
  readonly yesLabel: string
  readonly marked: 'no' | 'yes'
  readonly effects: readonly Effect[]
  /** Where a plain yes is too easy: the name that must be typed. */
  readonly typed: {readonly expected: string; readonly text: string} | null
}

export const EVENTS_KEPT = 1000

export function initialState(size: WindowSize, nowMs: number, session: Session = unknownSession): UiState {
  return {
    screen: 'nodes',
    size,
    session,
    dialog: null,
    overlay: null,
    help: null,
    notice: null,
    busy: null,
    nowMs,
    nodes: [],
    pairs: [],
    selectedNode: null,
    nodesView: initialNodes,
    events: [],
    eventsScroll: following,
    load: initialLoad,
    console: initialConsole,
    drill: initialDrill,
    report: initialReport,
  }
}

export function modeOf(state: Pick<UiState, 'dialog' | 'help' | 'overlay' | 'screen' | 'console' | 'nodesView'>): Mode {
  if (state.dialog !== null) return 'dialog'
  if (state.help !== null) return 'help'
  if (state.overlay !== null) return modeOfOverlay(state.overlay)
  if (state.screen === 'nodes' && state.nodesView.typing) return 'filter'
  return state.screen === 'console' && state.console.typing ? 'insert' : 'nav'
}

export function selectedNode({
  nodes,
  nodesView,
  selectedNode: name,
}: Pick<UiState, 'nodes' | 'nodesView' | 'selectedNode'>): NodeView | undefined {
  const visible = visibleNodes(nodes, nodesView)
  return visible.find(node => node.name === name) ?? visible[0]
}
