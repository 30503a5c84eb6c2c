import {type Step, step} from '../../../core/effect.js'
import type {UiState} from '../../../core/ui-state.js'
import {type FormOverlay, showForm, type TakeForm} from '../../../overlays/form-overlay.js'
import {type FormState, openForm} from '../../../overlays/form-state.js'
import type {FormValues} from '../../../ports/form-spec.js'
import {startLoad} from './load-commands.js'
import {chosenProfile, loadTarget} from './load-state.js'
import {BOTH_FIELD, LAG_FIELD, runForm, saveForm, settingsOf, TARGET_FIELD} from './run-form.js'

export const profileCommands = {
  'load.edit': editProfile,
  'load.save': saveProfile,
}

function editProfile(state: UiState): Step<UiState> {
  const {nodes, pairs, load} = state
  const profile = chosenProfile(state)
  if (profile === undefined) return step(state)
  const spec = runForm(profile, {
    nodes: nodes.map(({name}) => name),
    target: loadTarget(state)?.name,
    lagProbe: load.lagProbe,
    both: load.both,
    paired: pairs.flatMap(({master, slave}) => [master, slave]),
  })
  const form = openForm(spec, load.formValues[profile.name] ?? {})
  return step(showForm(state, form, {accept: acceptProfileForm, keep: openSaveForm}))
}

/** Keeps what was edited as the choice, and runs it unless something is in the way. */
function acceptProfileForm(state: UiState, form: FormState): Step<UiState> {
  return startLoad({...withEdits(state, form), overlay: null})
}

function withEdits(state: UiState, {given}: FormState): UiState {
  const {load} = state
  const profile = chosenProfile(state)
  if (profile === undefined) return state
  const formValues = {...load.formValues, [profile.name]: settingsOf(given)}
  const lagProbe = (given[LAG_FIELD] ?? (load.lagProbe ? 'on' : 'off')) === 'on'
  const both = (given[BOTH_FIELD] ?? (load.both ? 'on' : 'off')) === 'on'
  return {...state, load: {...load, formValues, lagProbe, both, target: given[TARGET_FIELD] ?? load.target}}
}

function saveProfile(state: UiState): Step<UiState> {
  const profile = chosenProfile(state)
  if (profile === undefined) return step(state)
  return step(withSaveForm(state, {given: state.load.formValues[profile.name] ?? {}, behind: null}))
}

function openSaveForm(state: UiState): Step<UiState> {
  const behind = state.overlay?.kind === 'form' ? state.overlay : null
  return step(withSaveForm(state, {given: settingsOf(behind?.form.given ?? {}), behind}))
}

/** @param behind the form of the profile, where it is saved from there */
function withSaveForm(state: UiState, {given, behind}: {given: FormValues; behind: FormOverlay | null}): UiState {
  const profile = chosenProfile(state)?.name ?? ''
  const save: TakeForm = (next, {resolution}) => {
    // What was edited is kept as the choice as well: the file may turn out not to be writable.
    const edited = behind === null ? next : withEdits(next, behind.form)
    const path = resolution.values.file ?? ''
    const request = {type: 'save', profile, given, path, overwrite: false} as const
    return step({...edited, overlay: null}, {type: 'load', request})
  }
  return showForm(state, openForm(saveForm(profile)), {accept: save, keep: save, behind})
}
