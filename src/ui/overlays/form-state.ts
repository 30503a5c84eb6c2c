import {type EditCommand, edit, emptyLine, insertText, type LineEditor, lineText} from '../core/line-editor.js'
import type {FieldSpec, FormResolution, FormSpec, FormValues} from '../ports/form-spec.js'

/** A form that is being filled in. */
export interface FormState {
  readonly spec: FormSpec
  /** What the operator gave; an emptied field is not given, and is as the rules have it. */
  readonly given: FormValues
  readonly resolution: FormResolution
  /** Index of the marked field. */
  readonly marked: number
  /** The text of the marked field, while it is one that is typed. */
  readonly editor: LineEditor
}

/** What keys do to a form, besides typing. */
export type FormCommand =
  | 'next'
  | 'previous'
  | 'pageDown'
  | 'pageUp'
  | 'reset'
  | Exclude<EditCommand, 'older' | 'newer' | 'wordLeft' | 'wordRight' | 'yank'>

const PAGE_FIELDS = 8

export function openForm(spec: FormSpec, given: FormValues = {}): FormState {
  return markField({spec, given, resolution: spec.resolve(given), marked: 0, editor: emptyLine}, 0)
}

export function markedField({spec, marked}: FormState): FieldSpec | undefined {
  return spec.fields[marked]
}

export function hasProblems({resolution}: FormState): boolean {
  return Object.keys(resolution.problems).length > 0
}

/** Marks the first field at fault, so that the operator sees why the form is not taken. */
export function markProblem(form: FormState): FormState {
  const at = form.spec.fields.findIndex(({name}) => name in form.resolution.problems)
  return at < 0 ? form : markField(form, at)
}

/** ← and → change a choice, and move in a text. */
export function formCommand(form: FormState, command: FormCommand): FormState {
  const last = form.spec.fields.length - 1
  switch (command) {
    case 'next':
      return markField(form, form.marked === last ? 0 : form.marked + 1)
    case 'previous':
      return markField(form, form.marked === 0 ? last : form.marked - 1)
    case 'pageDown':
      return markField(form, Math.min(last, form.marked + PAGE_FIELDS))
    case 'pageUp':
      return markField(form, Math.max(0, form.marked - PAGE_FIELDS))
    case 'reset':
      return reset(form)
    case 'left':
    case 'right':
      return markedField(form)?.choices === undefined
        ? editText(form, command)
        : cycle(form, command === 'left' ? -1 : 1)
    default:
      return markedField(form)?.choices === undefined ? editText(form, command) : form
  }
}

/** Types into a text; a choice takes the blank as "the next", and a letter as the beginning of what is meant. */
export function typeIntoForm(form: FormState, text: string): FormState {
  const choices = markedField(form)?.choices
  if (choices === undefined) return give(form, insertText(form.editor, text))
  if (text === ' ') return cycle(form, 1)
  const meant = choices.find(choice => choice.toLowerCase().startsWith(text.toLowerCase()))
  return meant === undefined ? form : choose(form, meant)
}

function markField(form: FormState, marked: number): FormState {
  const field = form.spec.fields[marked]
  const text = field === undefined ? '' : (form.given[field.name] ?? form.resolution.values[field.name] ?? '')
  return {...form, marked, editor: insertText(emptyLine, text)}
}

function editText(form: FormState, command: EditCommand): FormState {
  return give(form, edit(form.editor, command))
}

function give(form: FormState, editor: LineEditor): FormState {
  const field = markedField(form)
  if (field === undefined) return form
  const text = lineText(editor)
  if (text === lineText(form.editor)) return {...form, editor}
  const {[field.name]: _, ...others} = form.given
  const given = text === '' ? others : {...others, [field.name]: text}
  return {...form, editor, given, resolution: form.spec.resolve(given)}
}

function reset(form: FormState): FormState {
  const field = markedField(form)
  if (field === undefined || !(field.name in form.given)) return form
  const {[field.name]: _, ...given} = form.given
  return markField({...form, given, resolution: form.spec.resolve(given)}, form.marked)
}

function cycle(form: FormState, by: number): FormState {
  const field = markedField(form)
  const choices = field?.choices ?? []
  const at = choices.indexOf(form.resolution.values[field?.name ?? ''] ?? '')
  const next = at < 0 ? (by > 0 ? 0 : choices.length - 1) : (at + by + choices.length) % choices.length
  const choice = choices[next]
  return choice === undefined ? form : choose(form, choice)
}

function choose(form: FormState, choice: string): FormState {
  const given = {...form.given, [markedField(form)!.name]: choice}
  return {...form, given, resolution: form.spec.resolve(given), editor: insertText(emptyLine, choice)}
}
