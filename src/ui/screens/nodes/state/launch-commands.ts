import {type Step, step} from '../../../core/effect.js'
import type {UiState} from '../../../core/ui-state.js'
import {openForm} from '../../../overlays/form-state.js'
import type {FormValues} from '../../../ports/form-spec.js'

/** Which nodes, and how they are set up. */
export function openLaunchForm(state: UiState): Step<UiState> {
  return step({
    ...state,
    overlay: {
      kind: 'form',
      form: openForm(state.session.launchForm),
      purpose: {type: 'take', take: (next, {topology = 'pair', ...given}) => launch(next, topology, given)},
    },
  })
}

/** Starts the nodes of a topology, unless something is being done already. */
export function launch(state: UiState, topology: string, given: FormValues = {}): Step<UiState> {
  if (state.busy !== null) {
    return step({...state, notice: {tone: 'bad', text: `${state.busy}: wait for that first`}})
  }
  return step({...state, screen: 'nodes', busy: `Launching ${topology}`}, {type: 'launch', topology, given})
}
