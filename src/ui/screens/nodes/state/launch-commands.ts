import {type Step, step} from '../../../core/effect.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {showForm} from '../../../overlays/form-overlay.js'
import {openForm} from '../../../overlays/form-state.js'
import type {FormValues} from '../../../ports/form-spec.js'

/** Which nodes, and how they are set up. */
export function openLaunchForm(state: UiState): Step<UiState> {
  return step(
    showForm(state, openForm(state.session.launchForm), {
      accept(next, {resolution}) {
        const {topology = 'pair', ...given} = resolution.values
        return launch({...next, overlay: null}, topology, given)
      },
    }),
  )
}

/** Starts the nodes of a topology, unless something is being done already. */
export function launch(state: UiState, topology: string, given: FormValues = {}): Step<UiState> {
  if (state.activity !== null) return refuse(state, `${state.activity}: wait for that first`)
  return step(
    {...state, screen: 'nodes', activity: `Launching ${topology}`},
    {type: 'nodes', request: {type: 'launch', topology, given}},
  )
}
