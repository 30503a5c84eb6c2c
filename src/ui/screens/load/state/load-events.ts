import {assertNever} from '../../../../protocol/errors.js'
import type {UiState} from '../../../core/ui-state.js'
import {ask} from '../../../overlays/dialog.js'
import type {Round} from '../../../ports/run-port.js'
import {type RunView, STOPPED_EARLY} from './load-run.js'
import type {LoadEvent} from './load-state.js'

/** Takes in the result of a request of the Load screen. */
export function reduceLoadEvent(state: UiState, event: LoadEvent): UiState {
  switch (event.type) {
    case 'listed':
      return {...state, load: {...state.load, profiles: event.profiles}}
    case 'round':
      return beginRound(state, event.round)
    case 'ended':
      return changeRun(state, {phase: 'ended', result: event.result})
    case 'failed':
      return changeRun(state, {phase: 'failed', error: failureOf(state, event.error)})
    case 'rateRefused':
      return onRateRefused(state)
    case 'saved':
      return onSaved(state, event)
    case 'taken':
      return ask(state, {
        title: `Overwrite ${event.request.path}?`,
        body: ['The file exists; its content is lost.'],
        yesLabel: 'overwrite',
        effects: [{type: 'load', request: {...event.request, overwrite: true}}],
      })
    default:
      return assertNever(event)
  }
}

/** The next of several runs has a picture of its own. */
function beginRound(state: UiState, round: Round): UiState {
  return changeRun(state, {round, snapshot: null, points: [], marks: [], wantedRate: null})
}

/** A run stopped before it began fails for that reason alone, which needs no more words. */
function failureOf({load: {run}}: UiState, error: string): string {
  const isFirst = run?.round == null || run.round.round === 1
  return run?.phase === 'stopping' && run.snapshot === null && isFirst ? STOPPED_EARLY : error
}

function changeRun(state: UiState, changes: Partial<RunView>): UiState {
  const {run} = state.load
  return run === null ? state : {...state, load: {...state.load, run: {...run, ...changes}}}
}

function onRateRefused(state: UiState): UiState {
  const {run} = state.load
  const notice = {tone: 'bad', text: 'Cannot change the rate: only an open-loop run that is measuring has one'} as const
  return {...state, notice, load: {...state.load, run: run === null ? null : {...run, wantedRate: null}}}
}

/** The file is the choice from now on; the profile that it was made of is as it was. */
function onSaved(state: UiState, {path, profiles, profile}: Extract<LoadEvent, {type: 'saved'}>): UiState {
  const {load} = state
  const text = `saved: repbench load --profile ${path}`
  const at = profiles.findIndex(({name}) => name === path)
  const {[profile]: _, ...formValues} = load.formValues
  const chosen = at < 0 || load.profiles === null ? load : {...load, profiles, profileIndex: at, formValues}
  return {...state, load: chosen, notice: {tone: 'ok', text}}
}
