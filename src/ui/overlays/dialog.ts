import type {Binding} from '../core/binding.js'
import {type Effect, type Step, step} from '../core/effect.js'
import type {Dialog, UiState} from '../core/ui-state.js'

/** Opens a question whose marked answer is no. */
export function ask(
  state: UiState,
  {
    title,
    body,
    yesLabel,
    effects,
    typed,
  }: Pick<Dialog, 'title' | 'body' | 'yesLabel'> & {
    effects: readonly Effect[]
    /** A name that must be typed before yes counts. */
    typed?: string
  },
): UiState {
  const dialog: Dialog = {
    title,
    body,
    yesLabel,
    effects,
    marked: 'no',
    typed: typed === undefined ? null : {expected: typed, text: ''},
  }
  return {...state, dialog}
}

/** Spells the name that a dialog asks for. */
export function typeIntoDialog(state: UiState, text: string): Step<UiState> {
  const {dialog} = state
  if (dialog?.typed == null) return step(state)
  const typed = {...dialog.typed, text: dialog.typed.text + text}
  return step({...state, dialog: {...dialog, typed, marked: typed.text === typed.expected ? 'yes' : 'no'}})
}

/** Keys of a question. A part of the key table. */
export const dialogBindings = [
  {id: 'dialog.accept', keys: ['enter'], modes: ['dialog'], label: 'marked answer', help: 'take the marked answer'},
  {
    id: 'dialog.other',
    keys: ['tab', 'left', 'right', 'shift+tab', 'up', 'down'],
    modes: ['dialog'],
    label: 'other',
    help: 'mark the other answer',
  },
  {id: 'dialog.yes', keys: ['y'], modes: ['dialog'], label: 'yes', help: 'yes'},
  {id: 'dialog.no', keys: ['n', 'esc'], modes: ['dialog'], label: 'no', help: 'no'},
  {id: 'dialog.erase', keys: ['backspace'], modes: ['dialog'], help: 'delete the last character typed'},
] as const satisfies readonly Binding[]

export const dialogCommands = {
  'dialog.accept': accept,
  'dialog.yes': (state: UiState) => accept({...state, dialog: markYes(state.dialog)}),
  'dialog.no': (state: UiState) => step({...state, dialog: null}),
  'dialog.other': (state: UiState) => step({...state, dialog: markOther(state.dialog)}),
  'dialog.erase': (state: UiState) => step({...state, dialog: erase(state.dialog)}),
}

function accept(state: UiState): Step<UiState> {
  const {dialog} = state
  if (dialog?.marked !== 'yes') {
    // Enter before the name is complete is a slip, not an answer.
    return dialog?.typed == null ? step({...state, dialog: null}) : step(state)
  }
  return step({...state, dialog: null}, ...dialog.effects)
}

function markOther(dialog: Dialog | null): Dialog | null {
  // Where a name is asked for, only the name marks yes.
  if (dialog === null || dialog.typed !== null) return dialog
  return {...dialog, marked: dialog.marked === 'no' ? 'yes' : 'no'}
}

function markYes(dialog: Dialog | null): Dialog | null {
  return dialog === null ? null : {...dialog, marked: 'yes'}
}

function erase(dialog: Dialog | null): Dialog | null {
  if (dialog?.typed == null) return dialog
  return {...dialog, marked: 'no', typed: {...dialog.typed, text: dialog.typed.text.slice(0, -1)}}
}
