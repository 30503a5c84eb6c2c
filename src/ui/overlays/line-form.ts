import {type Step, step} from '../core/effect.js'
import type {FormOverlay} from '../core/overlay.js'
import type {UiState} from '../core/ui-state.js'
import type {FormSpec} from '../ports/form-spec.js'
import {openForm} from './form-state.js'

export interface LineForm {
  readonly title: string
  /** What enter does, as the footer names it. */
  readonly accept: string
  readonly label: string
  readonly hint: string
  /** What stands there at first. */
  readonly text?: string
  /** What is wrong with it, in one line; null: nothing. */
  readonly check?: (text: string) => string | null
  readonly take: (state: UiState, text: string) => Step<UiState>
}

/** A question that is answered with one line; no answer does nothing. */
export function askForLine(
  state: UiState,
  {title, accept, label, hint, text = '', check, take}: LineForm,
): Step<UiState> {
  const spec: FormSpec = {
    title,
    accept,
    fields: [{name: 'line', label, hint}],
    resolve: given => {
      const problem = given.line === undefined ? null : (check?.(given.line.trim()) ?? null)
      return {values: given, problems: problem === null ? {} : {line: problem}}
    },
  }
  const overlay: FormOverlay = {
    kind: 'form',
    form: openForm(spec, text === '' ? {} : {line: text}),
    purpose: {
      type: 'take',
      take: (next, {line = ''}) => (line.trim() === '' ? step(next) : take(next, line.trim())),
    },
  }
  return step({...state, overlay})
}
