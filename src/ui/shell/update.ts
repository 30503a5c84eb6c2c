import type {Action, Sample} from '../core/action.js'
import {type OutsideEffect, type Step, step} from '../core/effect.js'
import {type Press, pressesBehindAlt} from '../core/key-press.js'
import type {UiState} from '../core/ui-state.js'
import {typeIntoDialog} from '../overlays/dialog.js'
import {runRow} from './commands/rows.js'
import {screenNamed, screens} from './commands/screens.js'
import {modeOf, rowFor} from './keys/keys.js'
import {overlayPartOf} from './keys/overlays.js'
import {pasteText, typeText} from './keys/typing.js'

const EVENTS_KEPT = 1000

interface Updated {
  readonly state: UiState
  readonly effects: readonly OutsideEffect[]
}

/** The one place where the state changes: pure, so that every key can be tested without a screen. */
export function update(state: UiState, action: Action): Updated {
  return withShown(take(state, action))
}

/** Opens the screen that a command goes to: screens do not know each other. */
function withShown({state, effects}: Step<UiState>): Updated {
  let shown = state
  const rest = effects.flatMap((effect): readonly OutsideEffect[] => {
    if (effect.type !== 'show') return [effect]
    const opened = withShown(screenNamed(effect.screen).open(shown, effect.target))
    shown = opened.state
    return opened.effects
  })
  return {state: shown, effects: rest}
}

function take(state: UiState, action: Action): Step<UiState> {
  switch (action.type) {
    case 'press':
      return press(state, action.press)
    case 'paste':
      return pasteText(state, action.text)
    case 'resize':
      return step({...state, size: action.size})
    case 'sample':
      return step(addSample(state, action.sample))
    case 'activity':
      return step({...state, activity: action.activity})
    case 'notice':
      return step({...state, notice: action.notice})
    default:
      return step(screenNamed(action.type).reduce(state, action.event))
  }
}

function press(state: UiState, pressed: Press): Step<UiState> {
  const {chord, text} = pressed
  const mode = modeOf(state)
  const cleared = state.notice === null ? state : {...state, notice: null}
  const row = rowFor(chord, {mode, screen: state.screen})
  // Where alt with this key means nothing, esc was pressed and at once the key.
  const behind = row === undefined ? pressesBehindAlt(pressed) : null
  if (behind !== null) {
    const left = press(state, behind[0])
    const next = press(left.state, behind[1])
    return {state: next.state, effects: [...left.effects, ...next.effects]}
  }
  if (mode === 'dialog' && state.dialog?.typed != null && text !== '') return typeIntoDialog(cleared, text)
  return row === undefined ? step(typeText(cleared, text)) : runRow(cleared, row)
}

function addSample(before: UiState, sample: Sample): UiState {
  const {nowMs, nodes, pairs, events} = sample
  const {overlay} = before
  const state: UiState = {
    ...before,
    overlay: overlay === null ? null : (overlayPartOf({overlay})?.onSample?.(overlay, sample) ?? overlay),
    nowMs,
    nodes,
    pairs,
    events: events.length === 0 ? before.events : [...before.events, ...events].slice(-EVENTS_KEPT),
  }
  return screens.reduce((next, screen) => screen.onSample?.(next, sample) ?? next, state)
}
