import {type Step, step} from './effect.js'
import type {UiState} from './ui-state.js'

export const launchCommands = {
  'menu.accept': (state: UiState) => {
    const choice = state.overlay?.kind === 'launch' ? state.session.topologies[state.overlay.marked] : undefined
    return choice === undefined ? step(state) : launch({...state, overlay: null}, choice.name)
  },
  'menu.down': (state: UiState) => step(mark(state, 1)),
  'menu.up': (state: UiState) => step(mark(state, -1)),
  'menu.close': (state: UiState) => step({...state, overlay: null}),
}

export function openLaunchMenu(state: UiState): Step<UiState> {
  return step({...state, overlay: {kind: 'launch', marked: 0}})
}

/** Starts the nodes of a topology, unless something is being done already. */
export function launch(state: UiState, topology: string): Step<UiState> {
  if (state.busy !== null) {
    return step({...state, notice: {tone: 'bad', text: `${state.busy}: wait for that first`}})
  }
  return step({...state, screen: 'nodes', busy: `Launching ${topology}`}, {type: 'launch', topology})
}

function mark(state: UiState, by: number): UiState {
  const {overlay, session} = state
  if (overlay?.kind !== 'launch') return state
  const marked = Math.min(Math.max(0, overlay.marked + by), session.topologies.length - 1)
  return {...state, overlay: {...overlay, marked}}
}
