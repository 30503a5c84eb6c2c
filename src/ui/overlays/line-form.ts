import {type Step, step} from '../core/effect.js'
import type {UiState} from '../core/ui-state.js'
import type {FormSpec} from '../ports/form-spec.js'
import {showForm} from './form-overlay.js'
import {openForm} from './form-state.js'

export interface LineForm {
  readonly title: string
  /** What enter does, as the footer names it. */
  readonly accept: string
  readonly label: string
  readonly hint: string
  /** What stands there at first. */
  readonly text?: string
  /** The problem of a text, in one line; null: none. */
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
  const form = openForm(spec, text === '' ? {} : {line: text})
  return step(
    showForm(state, form, {
      accept: (next, {resolution: {values}}) => {
        const line = values.line?.trim() ?? ''
        const closed = {...next, overlay: null}
        return line === '' ? step(closed) : take(closed, line)
      },
    }),
  )
}
