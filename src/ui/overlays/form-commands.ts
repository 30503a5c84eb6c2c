import {type Step, step} from '../core/effect.js'
import type {FormOverlay} from '../core/overlay.js'
import type {UiState} from '../core/ui-state.js'
import {acceptDrillForm, keepDrillForm} from '../screens/drill/state/drill-form-commands.js'
import {acceptProfileForm, acceptSaveForm, openSaveForm} from '../screens/load/state/profile-commands.js'
import {type FormCommand, formCommand, hasProblems, markProblem, typeIntoForm} from './form-state.js'

export const formCommands = {
  'form.accept': accept,
  'form.save': save,
  'form.cancel': cancel,
  ...editCommands([
    'next',
    'previous',
    'pageDown',
    'pageUp',
    'reset',
    'left',
    'right',
    'start',
    'end',
    'backspace',
    'delete',
    'killWord',
    'killToStart',
    'killToEnd',
  ]),
}

/** A character that was typed; a choice takes it for its beginning. */
export function typeIntoFormOverlay(state: UiState, text: string): UiState {
  const {overlay} = state
  if (overlay?.kind !== 'form' || text === '') return state
  return {...state, overlay: {...overlay, form: typeIntoForm(overlay.form, text)}}
}

function accept(state: UiState): Step<UiState> {
  return withSound(state, overlay => {
    switch (overlay.purpose.type) {
      case 'profile':
        return acceptProfileForm(state, overlay.form)
      case 'saveProfile':
        return acceptSaveForm(state, overlay.form, overlay.purpose)
      case 'drill':
        return acceptDrillForm(state, overlay.form, overlay.purpose.drill)
      case 'take':
        return overlay.purpose.take({...state, overlay: null}, overlay.form.resolution.values)
    }
  })
}

function save(state: UiState): Step<UiState> {
  return withSound(state, overlay => {
    switch (overlay.purpose.type) {
      case 'profile':
        return openSaveForm(state, overlay)
      case 'saveProfile':
        return acceptSaveForm(state, overlay.form, overlay.purpose)
      case 'drill':
        return step(keepDrillForm(state, overlay.form, overlay.purpose.drill))
      case 'take':
        return step(state)
    }
  })
}

/** Back to the form that this one was opened from, if there was one. */
function cancel(state: UiState): Step<UiState> {
  const {overlay} = state
  const behind = overlay?.kind === 'form' && overlay.purpose.type === 'saveProfile' ? overlay.purpose.behind : null
  return step({...state, overlay: behind})
}

/** Only a form that nothing is wrong with is taken. */
function withSound(state: UiState, take: (overlay: FormOverlay) => Step<UiState>): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind !== 'form') return step(state)
  if (!hasProblems(overlay.form)) return take(overlay)
  const form = markProblem(overlay.form)
  return step({
    ...state,
    overlay: {...overlay, form},
    notice: {tone: 'bad', text: 'Something is to be mended first: see ✖'},
  })
}

function editCommands<Name extends FormCommand>(names: readonly Name[]) {
  const entries = names.map(name => [
    `form.${name}`,
    (state: UiState) => {
      const {overlay} = state
      return step(
        overlay?.kind === 'form' ? {...state, overlay: {...overlay, form: formCommand(overlay.form, name)}} : state,
      )
    },
  ])
  return Object.fromEntries(entries) as Record<`form.${Name}`, (state: UiState) => Step<UiState>>
}
