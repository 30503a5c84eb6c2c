import type {Action} from '../../../src/ui/core/action.js'
import type {Effect} from '../../../src/ui/core/effect.js'
import type {UiState} from '../../../src/ui/core/ui-state.js'
import {update} from '../../../src/ui/shell/update.js'

/** Runs actions one after the other; a plain string is a series of key presses. */
export function play(state: UiState, ...actions: (Action | string)[]): {state: UiState; effects: Effect[]} {
  const effects: Effect[] = []
  let current = state
  for (const action of actions) {
    const all: Action[] =
      typeof action === 'string'
        ? action.split(' ').map(chord => ({type: 'press', press: {chord, text: chord.length === 1 ? chord : ''}}))
        : [action]
    for (const each of all) {
      const next = update(current, each)
      current = next.state
      effects.push(...next.effects)
    }
  }
  return {state: current, effects}
}
