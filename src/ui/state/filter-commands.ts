import {type Step, step} from './effect.js'
import {changeLog} from './log-commands.js'
import {editOverlay, withoutLast} from './overlay-text.js'
import {following} from './scroll.js'
import type {UiState} from './ui-state.js'

/** Keys of a filter that is being typed: of the log in sight, or of the Report screen. */
export const filterCommands = {
  'filter.accept': (state: UiState) => step(close(state)),
  'filter.cancel': cancel,
  'filter.erase': (state: UiState) => step(editOverlay(state, withoutLast)),
  'filter.clear': (state: UiState) => step(editOverlay(state, () => '')),
}

function close(state: UiState): UiState {
  return state.overlay?.kind === 'reportFilter' ? {...state, overlay: null} : changeLog(state, {typing: false})
}

function cancel(state: UiState): Step<UiState> {
  const empty = changeLog(
    editOverlay(state, () => ''),
    {scroll: following},
  )
  return step(close(empty))
}
