import type {Step} from '../../../core/effect.js'
import type {UiState} from '../../../core/ui-state.js'
import type {FormState} from '../../../overlays/form-state.js'
import {startDrill} from './drill-commands.js'

/** Keeps what was changed, and runs the drill with it. */
export function acceptDrillForm(state: UiState, form: FormState, drill: string): Step<UiState> {
  return startDrill(keepDrillForm(state, form, drill), drill)
}

/** Keeps what was changed for the next time. */
export function keepDrillForm(state: UiState, {given}: FormState, drill: string): UiState {
  const edits = {...state.drill.edits, [drill]: given}
  return {...state, overlay: null, drill: {...state.drill, edits}}
}
