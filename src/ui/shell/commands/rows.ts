import type {Binding} from '../../core/binding.js'
import type {Step} from '../../core/effect.js'
import type {Command} from '../../core/screen.js'
import {refuse, type UiState} from '../../core/ui-state.js'
import {busyOf} from './screens.js'

/** A row of the key table: its keys, and the command that they run. */
export interface Row extends Binding {
  readonly run: Command
}

interface Part {
  readonly bindings: readonly Binding[]
  readonly commands: Readonly<Record<string, Command>>
}

/** @throws where a binding has no command, which defineScreen() and defineOverlay() do not let happen */
export function rowsOf({bindings, commands}: Part): readonly Row[] {
  return bindings.map(binding => {
    const run = commands[binding.id]
    if (run === undefined) throw new Error(`Expected a command for the key ${binding.id}, got none`)
    return {...binding, run}
  })
}

/** Runs the command, unless it would change something that the operator only wants to look at. */
export function runRow(state: UiState, {changes, run}: Row): Step<UiState> {
  if (changes === true && state.session.readonly) {
    return refuse(state, '--readonly: nothing is launched, ended, frozen or loaded')
  }
  const busy = busyOf(state)
  return run(busy === state.busy ? state : {...state, busy})
}
