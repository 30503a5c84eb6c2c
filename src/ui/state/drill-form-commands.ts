import type {FormState} from '../components/form/form-state.js'
import {startDrill} from './drill-commands.js'
import type {Step} from './effect.js'
import type {UiState} from './ui-state.js'

/** Keeps what was changed, and runs the drill with it. */
export function acceptDrillForm(state: UiState, form: FormState, drill: string): Step<UiState> {
  return startDrill(keepDrillForm(state, form, drill), drill)
}

/** Keeps what was changed for the next time. */
export function keepDrillForm(state: UiState, {given}: FormState, drill: string): UiState {
  const edits = {...state.drill.edits, [drill]: given}
  return {...state, overlay: null, drill: {...state.drill, edits}}
}
