import {createStore} from 'zustand/vanilla'
import type {Action} from '../core/action.js'
import type {UiStore} from '../core/context.js'
import type {OutsideEffect} from '../core/effect.js'
import type {UiState} from '../core/ui-state.js'
import {update} from './update.js'

/** Holds the state, and hands what update() leaves to do to `runEffect`. */
export function createUiStore(initial: UiState, runEffect: (effect: OutsideEffect) => void): UiStore {
  const state = createStore<UiState>(() => initial)
  const dispatch = (action: Action) => {
    const next = update(state.getState(), action)
    if (next.state !== state.getState()) state.setState(next.state, true)
    for (const effect of next.effects) runEffect(effect)
  }
  return {state, dispatch}
}
