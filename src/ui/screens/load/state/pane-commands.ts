import type {LinesOf} from '../../../core/screen.js'
import type {UiState} from '../../../core/ui-state.js'
import {bodyArea} from '../../../draw/layout.js'
import {latencyRows} from './latency-rows.js'
import {fullPaneRows} from './load-layout.js'
import {firstLine, type MaximizedPane, neighbourPane, openPane} from './load-panes.js'
import type {RunView} from './load-run.js'
import {shownRun} from './load-state.js'

/** The table alone, or everything again. */
export function toggleFull(state: UiState): UiState {
  const {load} = state
  if (shownRun(state) === null) return state
  return {...state, load: {...load, maximizedPane: load.maximizedPane === null ? openPane('latency') : null}}
}

export function moveFull(state: UiState, by: 1 | -1): UiState {
  const {load} = state
  const run = shownRun(state)
  return run === null ? state : {...state, load: {...load, maximizedPane: neighbourPane(run, load.maximizedPane, by)}}
}

/** Scrolls the pane that has the screen for itself, where there is one with lines to scroll. */
export function scrollPane(state: UiState, linesOf: LinesOf): UiState {
  const {load, size} = state
  const run = shownRun(state)
  if (run === null || load.maximizedPane === null) return state
  const rows = fullPaneRows(bodyArea(size), load.maximizedPane.pane)
  const lines = linesOfPane(run, load.maximizedPane)
  if (lines === null) return state
  const from = firstLine(load.maximizedPane, {lines, rows}) + linesOf(rows)
  const atEnd = from >= lines - rows
  return {
    ...state,
    load: {...load, maximizedPane: {...load.maximizedPane, from: atEnd ? Number.POSITIVE_INFINITY : Math.max(0, from)}},
  }
}

function linesOfPane(run: RunView, {pane}: MaximizedPane): number | null {
  if (pane === 'latency') return latencyRows(run).length
  return pane === 'marks' ? run.marks.length : null
}
