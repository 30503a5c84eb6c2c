import {type Step, step} from '../core/effect.js'
import {defineOverlay} from '../core/overlay.js'
import {refuse, type UiState} from '../core/ui-state.js'
import {formBindings} from './form-keys.js'
import {formArea, formPane} from './form-pane.js'
import {type FormCommand, type FormState, formCommand, hasProblems, markProblem, typeIntoForm} from './form-state.js'

declare module '../core/part-types.js' {
  interface OverlayStates {
    form: FormOverlay
  }
}

/** A form over the screen. Whoever opens it says what is done with it. */
export interface FormOverlay extends FormPurpose {
  readonly kind: 'form'
  readonly form: FormState
}

export interface FormPurpose {
  /** What enter does with a form without problems; the form is still open. */
  readonly accept: TakeForm
  /** What ^S does. @default nothing */
  readonly keep?: TakeForm
  /** Shown again when the operator thinks better of it. @default nothing */
  readonly behind?: FormOverlay | null
}

export type TakeForm = (state: UiState, form: FormState) => Step<UiState>

export function showForm(state: UiState, form: FormState, purpose: FormPurpose): UiState {
  return {...state, overlay: {kind: 'form', form, ...purpose}}
}

export const formOverlay = defineOverlay({
  kind: 'form',
  bindings: formBindings,
  commands: {
    'form.accept': state => takeSound(state, ({accept}) => accept),
    'form.save': state => takeSound(state, ({keep}) => keep),
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
  },
  mode: () => 'form',
  typing: {type: (state, text) => change(state, form => typeIntoForm(form, text))},
  draw({form}, {area, theme}) {
    const size = formArea(form, area)
    return {lines: formPane(form, size, theme), area: size}
  },
})

/** Back to the form that this one was opened from, if there was one. */
function cancel(state: UiState): Step<UiState> {
  const {overlay} = state
  return step({...state, overlay: overlay?.kind === 'form' ? (overlay.behind ?? null) : overlay})
}

/** Only a form without problems is taken. */
function takeSound(state: UiState, takeOf: (overlay: FormOverlay) => TakeForm | undefined): Step<UiState> {
  const {overlay} = state
  if (overlay?.kind !== 'form') return step(state)
  if (!hasProblems(overlay.form)) return takeOf(overlay)?.(state, overlay.form) ?? step(state)
  const marked = change(state, markProblem)
  return refuse(marked, 'Fix the fields marked ✖ first')
}

function editCommands<Name extends FormCommand>(names: readonly Name[]) {
  const entries = names.map(name => [
    `form.${name}`,
    (state: UiState) => step(change(state, form => formCommand(form, name))),
  ])
  return Object.fromEntries(entries) as Record<`form.${Name}`, (state: UiState) => Step<UiState>>
}

function change(state: UiState, changed: (form: FormState) => FormState): UiState {
  const {overlay} = state
  return overlay?.kind === 'form' ? {...state, overlay: {...overlay, form: changed(overlay.form)}} : state
}
