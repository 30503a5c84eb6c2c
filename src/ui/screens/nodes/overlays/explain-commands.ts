import {type Step, step} from '../../../core/effect.js'
import type {UiState} from '../../../core/ui-state.js'

export const explainCommands = {
  'node.explain': openExplanation,
  'explain.up': (state: UiState) => step(mark(state, -1)),
  'explain.down': (state: UiState) => step(mark(state, 1)),
  'explain.close': (state: UiState) => step({...state, overlay: null}),
}

/** Begins with the newest event that asks for attention, for that is why somebody asks. */
function openExplanation(state: UiState): Step<UiState> {
  const {events, session} = state
  if (events.length === 0) return step({...state, notice: {tone: 'bad', text: 'Nothing has happened yet'}})
  const telling = events.findLastIndex(({kind}) => (session.advice?.[kind].weight ?? 'info') !== 'info')
  return step({...state, overlay: {kind: 'explain', events, marked: telling === -1 ? events.length - 1 : telling}})
}

function mark(state: UiState, by: number): UiState {
  const {overlay} = state
  if (overlay?.kind !== 'explain') return state
  const marked = Math.min(Math.max(0, overlay.marked + by), overlay.events.length - 1)
  return {...state, overlay: {...overlay, marked}}
}
