import {type Step, step} from '../core/effect.js'
import {following} from '../core/scroll.js'
import type {UiState} from '../core/ui-state.js'
import {changeLog} from '../screens/nodes/overlays/log-commands.js'
import {editOverlay, withoutLast} from './overlay-text.js'

/** Keys of a filter that is being typed: of the log in sight, of the nodes, or of the Report screen. */
export const filterCommands = {
  'filter.accept': (state: UiState) => step(close(state)),
  'filter.cancel': cancel,
  'filter.erase': (state: UiState) => step(editOverlay(state, withoutLast)),
  'filter.clear': (state: UiState) => step(editOverlay(state, () => '')),
}

function close(state: UiState): UiState {
  if (state.overlay?.kind === 'reportFilter') return {...state, overlay: null}
  if (state.overlay === null) return {...state, nodesView: {...state.nodesView, typing: false}}
  return changeLog(state, {typing: false})
}

function cancel(state: UiState): Step<UiState> {
  const empty = changeLog(
    editOverlay(state, () => ''),
    {scroll: following},
  )
  return step(close(empty))
}
