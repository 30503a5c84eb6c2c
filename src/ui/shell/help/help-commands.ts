import {step} from '../../core/effect.js'
import type {UiState} from '../../core/ui-state.js'
import {bodyArea} from '../../draw/layout.js'
import {scrollHelp} from './help.js'

export const helpCommands = {
  'help.close': (state: UiState) => step<UiState>({...state, help: null}),
  'help.down': (state: UiState) => step(scroll(state, 1)),
  'help.up': (state: UiState) => step(scroll(state, -1)),
  // Two lines stay in sight, as a bearing.
  'help.pageDown': (state: UiState) => step(scroll(state, bodyArea(state.size).height - 4)),
  'help.pageUp': (state: UiState) => step(scroll(state, 4 - bodyArea(state.size).height)),
  'help.top': (state: UiState) => step(scroll(state, Number.NEGATIVE_INFINITY)),
  'help.end': (state: UiState) => step(scroll(state, Number.POSITIVE_INFINITY)),
}

function scroll(state: UiState, by: number): UiState {
  const {help, session, size, screen} = state
  return help === null
    ? state
    : {...state, help: scrollHelp({from: help, readonly: session.readonly, screen}, by, bodyArea(size))}
}
