import {type Step, step} from '../../../core/effect.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {askForLine} from '../../../overlays/line-form.js'
import {isRunning} from './load-run.js'
import {chosenProfile} from './load-state.js'

export const rateCommands = {
  'load.rateUp': (state: UiState) => nextRate(state, rateAbove),
  'load.rateDown': (state: UiState) => nextRate(state, rateBelow),
  'load.rate': openRateForm,
}

/** To a round rate, as soon as the load threads hear of it. */
function nextRate(state: UiState, next: (rate: number) => number): Step<UiState> {
  if (!isRunning(state.load.run)) return refuse(state, 'No load runs: R or e sets the rate, b starts it')
  const rate = rateOfRun(state)
  return typeof rate === 'number' ? changeRate(state, next(rate)) : refuse(state, rate.problem)
}

/** The rate that is asked for at the moment, or why there is none to change. */
function rateOfRun({load: {run}}: UiState): number | {problem: string} {
  if (run?.phase === 'stopping') return {problem: 'The load is stopping'}
  if (run?.snapshot?.phase !== 'running') return {problem: 'Cannot change the rate before the run measures'}
  const rate = run.wantedRate ?? run.snapshot.ratePerSecond
  return rate ?? {problem: 'A closed-loop run has no rate: replies set its pace; e edits it'}
}

function changeRate(state: UiState, ratePerSecond: number): Step<UiState> {
  const {load} = state
  const run = load.run === null ? null : {...load.run, wantedRate: ratePerSecond}
  return step({...state, load: {...load, run}}, {type: 'load', request: {type: 'rate', ratePerSecond}})
}

/** Asks for the rate of the load that runs, or else of the one that is chosen. */
function openRateForm(state: UiState): Step<UiState> {
  const {run} = state.load
  const rate = isRunning(run) ? rateOfRun(state) : null
  if (rate !== null && typeof rate !== 'number') return refuse(state, rate.problem)
  const profile = chosenProfile(state)
  if (rate === null && profile === undefined) return step(state)
  return askForLine(state, {
    title: rate === null ? `Rate of ${profile?.name}` : `Rate of run #${run?.number}`,
    accept: rate === null ? 'set rate' : 'change rate',
    label: 'op/s',
    hint:
      rate === null
        ? 'such as 500 or 50k; b starts the load with it, e shows all its settings'
        : `such as 500 or 50k; ${rate.toLocaleString('en-US')} at the moment`,
    text: rate === null ? '' : String(rate),
    check: text => problemOfRate(state, text),
    take: setRate,
  })
}

/** As `:rate 25k` has it. */
export function setRate(state: UiState, text: string): Step<UiState> {
  if (state.session.readonly) return refuse(state, '--readonly: no load is run')
  const problem = problemOfRate(state, text)
  if (problem !== null) return refuse(state, problem)
  const shown: UiState = {...state, screen: 'load'}
  if (!isRunning(state.load.run)) return setProfileRate(shown, text)
  const read = state.session.readRate(text)
  return 'problem' in read ? refuse(state, read.problem) : changeRate(shown, read.ratePerSecond)
}

function setProfileRate(state: UiState, rate: string): Step<UiState> {
  const {load} = state
  const profile = chosenProfile(state)
  if (profile === undefined) return step(state)
  const formValues = {...load.formValues, [profile.name]: {...load.formValues[profile.name], rate}}
  return step({
    ...state,
    load: {...load, formValues, choosing: true},
    notice: {tone: 'ok', text: `${profile.name} is set to ${rate} op/s: b starts it`},
  })
}

/** Why the rate cannot be set now, in one line; null where it can. */
function problemOfRate(state: UiState, text: string): string | null {
  const read = state.session.readRate(text)
  if ('problem' in read) return read.problem
  if (!isRunning(state.load.run)) return problemOfProfileRate(state, text)
  const rate = rateOfRun(state)
  if (typeof rate !== 'number') return rate.problem
  return read.ratePerSecond > 0 ? null : 'Expected a rate above 0 while the load runs: b stops it'
}

function problemOfProfileRate(state: UiState, rate: string): string | null {
  const profile = chosenProfile(state)
  if (profile === undefined) return 'Reading the profiles'
  return profile.form.resolve({...state.load.formValues[profile.name], rate}).problems.rate ?? null
}

/** Ten steps to the power of ten, each of about a quarter. */
const roundFactors = [1, 1.25, 1.5, 2, 2.5, 3, 4, 5, 6, 8] as const
/** As far as a load goes. */
const RATE_MOST = 10_000_000

/** The next round rate above one. */
export function rateAbove(rate: number): number {
  const power = powerOf(rate)
  const next = roundFactors.find(factor => factor * power > rate * 1.0001)
  return Math.min(RATE_MOST, next === undefined ? 10 * power : next * power)
}

/** The next round rate below one; 1 is the least. */
export function rateBelow(rate: number): number {
  const power = powerOf(rate)
  const next = roundFactors.findLast(factor => factor * power < rate * 0.9999)
  return Math.max(1, next === undefined ? 0.8 * power : next * power)
}

function powerOf(rate: number): number {
  return 10 ** Math.floor(Math.log10(Math.max(1, rate)))
}
