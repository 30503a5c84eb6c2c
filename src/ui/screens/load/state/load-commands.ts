import {type Step, step} from '../../../core/effect.js'
import {refuse, type UiState} from '../../../core/ui-state.js'
import {isRunning, startedRun} from './load-run.js'
import {loadTarget, shownRun, windowsSeconds} from './load-state.js'
import {moveFull, toggleFull} from './pane-commands.js'

export const loadCommands = {
  'load.toggle': toggle,
  'load.maximizedPane': (state: UiState) => step(toggleFull(state)),
  'load.next': (state: UiState) => step(moveOn(state, 1)),
  'load.previous': (state: UiState) => step(moveOn(state, -1)),
  'load.hold': hold,
  'load.windowUp': (state: UiState) => step(changeWindow(state, 1)),
  'load.windowDown': (state: UiState) => step(changeWindow(state, -1)),
  'load.scale': (state: UiState) => step(changeScale(state)),
}

/** Chooses another profile; a run that has ended gives way to the choice. */
export function moveProfile(state: UiState, by: number): UiState {
  const {load} = state
  if (isRunning(load.run)) return state
  if (!load.choosing) return {...state, load: {...load, choosing: true}}
  const last = (load.profiles?.length ?? 1) - 1
  return {...state, load: {...load, profileIndex: Math.min(Math.max(0, load.profileIndex + by), Math.max(0, last))}}
}

function moveOn(state: UiState, by: 1 | -1): UiState {
  return shownRun(state) === null ? moveTarget(state, by) : moveFull(state, by)
}

function moveTarget(state: UiState, by: number): UiState {
  const {nodes, load} = state
  if (nodes.length === 0 || isRunning(load.run)) return state
  const at = nodes.findIndex(node => node.name === loadTarget(state)?.name)
  const next = nodes[(at + by + nodes.length) % nodes.length]
  return {...state, load: {...load, choosing: true, target: next?.name ?? null}}
}

function toggle(state: UiState): Step<UiState> {
  const {run} = state.load
  if (run === null || !isRunning(run)) return startLoad(state)
  return step(
    {...state, load: {...state.load, run: {...run, phase: 'stopping'}}},
    {type: 'load', request: {type: 'stop'}},
  )
}

/** Runs the chosen profile as it is edited, unless something is in the way. */
export function startLoad(state: UiState): Step<UiState> {
  const {load} = state
  const target = loadTarget(state)
  const profile = load.profiles?.[load.profileIndex]
  if (profile === undefined) return step(state)
  if (isRunning(load.run)) return refuse(state, 'A load is running: b stops it')
  if (state.busy !== null && state.busy.screen !== 'load') return refuse(state, state.busy.refusal)
  if (target === undefined) return refuse(state, 'Nothing to load yet: 1, then n launches a pair')
  if (target.status.state !== 'up') {
    const again = target.backend === null ? '' : '; 1, then r restarts it'
    return refuse(
      {...state, load: {...load, choosing: true}},
      `${target.name} is not up: tab chooses another target${again}`,
    )
  }
  const given = load.formValues[profile.name] ?? {}
  const pair = state.pairs.find(({master, slave}) => master === target.name || slave === target.name)
  const names = pair === undefined ? null : ([pair.master, pair.slave] as const)
  const lagProbe = load.lagProbe && pair !== undefined
  const both = load.both && pair !== undefined
  const number = (load.run?.number ?? 0) + 1
  const run = startedRun({number, profile: profile.name, target: target.name, pair: names, both})
  return step(
    {...state, load: {...load, run, choosing: false, frozenRun: null}},
    {
      type: 'load',
      request: {
        type: 'start',
        profile: profile.name,
        given,
        node: target.name,
        lagProbe,
        ...(both ? {both} : {}),
      },
    },
  )
}

function changeScale(state: UiState): UiState {
  const {load} = state
  return {...state, load: {...load, scale: load.scale === 'linear' ? 'log' : 'linear'}}
}

function changeWindow(state: UiState, by: number): UiState {
  const {load} = state
  const at = windowsSeconds.indexOf(load.windowSeconds) + by
  return {...state, load: {...load, windowSeconds: windowsSeconds[at] ?? load.windowSeconds}}
}

function hold(state: UiState): Step<UiState> {
  const {load} = state
  return step({...state, load: {...load, frozenRun: load.frozenRun === null ? load.run : null}})
}

/** One level back: out of a pane that has the screen for itself, then out of the run that has ended. */
export function backInLoad(state: UiState): UiState | null {
  const {load} = state
  if (load.maximizedPane !== null && shownRun(state) !== null) return {...state, load: {...load, maximizedPane: null}}
  if (load.run === null || isRunning(load.run) || load.choosing) return null
  return {...state, load: {...load, choosing: true, frozenRun: null}}
}
