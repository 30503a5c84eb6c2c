import type {Binding} from '../core/binding.js'
import type {UiState} from '../core/ui-state.js'
import {type FormState, markedField} from './form-state.js'

/** Keys of a form that is being filled in. A part of the key table. */
export const formBindings = [
  {
    id: 'form.accept',
    keys: ['enter'],
    modes: ['form'],
    label: ({overlay}) => (overlay?.kind === 'form' ? overlay.form.spec.accept : undefined),
    help: 'do what the form is for, as the footer says: launch, start, run; not while a field is marked ✖',
  },
  {
    id: 'form.next',
    keys: ['tab', 'down', 'ctrl+n'],
    modes: ['form'],
    label: 'next field',
    needs: isOpen(({spec}) => spec.fields.length > 1),
    help: 'the next field',
  },
  {id: 'form.previous', keys: ['shift+tab', 'up', 'ctrl+p'], modes: ['form'], help: 'the previous field'},
  {
    id: 'form.right',
    keys: ['right', 'ctrl+f'],
    modes: ['form'],
    label: 'choose',
    needs: isOpen(form => markedField(form)?.choices !== undefined),
    help: 'the next choice; in a text one character on',
  },
  {
    id: 'form.left',
    keys: ['left', 'ctrl+b'],
    modes: ['form'],
    help: 'the previous choice; in a text one character back',
  },
  {
    id: 'form.save',
    keys: ['ctrl+s'],
    modes: ['form'],
    label: ({overlay}) => (overlay?.kind === 'form' ? overlay.form.spec.keep : undefined),
    help: 'keep what the form says: a load as a file, a drill for the next time',
  },
  {
    id: 'form.reset',
    keys: ['ctrl+r'],
    modes: ['form'],
    label: 'reset',
    needs: isOpen(form => (markedField(form)?.name ?? '') in form.given),
    help: 'the field as it was',
  },
  {id: 'form.pageDown', keys: ['pagedown'], modes: ['form'], help: 'some fields on'},
  {id: 'form.pageUp', keys: ['pageup'], modes: ['form'], help: 'some fields back'},
  {id: 'form.start', keys: ['ctrl+a', 'home'], modes: ['form'], help: 'start of the text'},
  {id: 'form.end', keys: ['ctrl+e', 'end'], modes: ['form'], help: 'end of the text'},
  {id: 'form.backspace', keys: ['backspace', 'ctrl+h'], modes: ['form'], help: 'delete the previous character'},
  {id: 'form.delete', keys: ['delete', 'ctrl+d'], modes: ['form'], help: 'delete the character under the cursor'},
  {id: 'form.killWord', keys: ['ctrl+w', 'alt+backspace'], modes: ['form'], help: 'delete the previous word'},
  {id: 'form.killToStart', keys: ['ctrl+u'], modes: ['form'], help: 'delete to the start of the text'},
  {id: 'form.killToEnd', keys: ['ctrl+k'], modes: ['form'], help: 'delete to the end of the text'},
  {id: 'form.cancel', keys: ['esc'], modes: ['form'], label: 'back', always: true, help: 'leave everything as it was'},
] as const satisfies readonly Binding[]

function isOpen(holds: (form: FormState) => boolean) {
  return ({overlay}: UiState) => overlay?.kind === 'form' && holds(overlay.form)
}
