import {assertNever} from '../../protocol/errors.js'
import {type Press, pressesBehindAlt} from '../chords.js'
import {commandFor} from '../keys.js'
import type {Action, Sample} from './action.js'
import {runCommand} from './commands.js'
import {paste, typeText} from './console-commands.js'
import {withHistory} from './console-state.js'
import {typeIntoDialog} from './dialog-commands.js'
import {addDrillProgress, applyDrillEvent} from './drill-state.js'
import {type Step, step} from './effect.js'
import {onLoadEvent} from './load-events.js'
import {addToRun, isRunning} from './load-state.js'
import {addLog} from './log-commands.js'
import {pasteIntoOverlay, typeIntoOverlay} from './overlay-text.js'
import {applyReportEvent} from './report-state.js'
import {addSlabs} from './slabs-commands.js'
import {EVENTS_KEPT, modeOf, type UiState} from './ui-state.js'

/** The one place where the state changes: pure, so that every key can be tested without a screen. */
export function update(state: UiState, action: Action): Step<UiState> {
  switch (action.type) {
    case 'press':
      return press(state, action.press)
    case 'paste':
      return modeOf(state) === 'insert' ? paste(state, action.text) : step(pasteIntoOverlay(state, action.text))
    case 'resize':
      return step({...state, size: action.size})
    case 'sample':
      return step(addSample(state, action.sample))
    case 'consoles':
      return step({...state, console: {...state.console, sessions: action.sessions}})
    case 'slabs':
      return step({...state, overlay: addSlabs(state.overlay, action)})
    case 'transcriptSaved':
      return step({...state, console: {...state.console, savedAs: action.path}})
    case 'history':
      return step({...state, console: withHistory(state.console, action.lines)})
    case 'load':
      return step(onLoadEvent(state, action.event))
    case 'drill':
      return step({...state, drill: applyDrillEvent(state.drill, action.event)})
    case 'report':
      return step({...state, report: applyReportEvent(state.report, action.event)})
    case 'busy':
      return step({...state, busy: action.what})
    case 'notice':
      return step({...state, notice: action.notice})
    default:
      return assertNever(action)
  }
}

function press(state: UiState, pressed: Press): Step<UiState> {
  const {chord, text} = pressed
  const mode = modeOf(state)
  const cleared = state.notice === null ? state : {...state, notice: null}
  const command = commandFor(chord, {mode, screen: state.screen})
  // Where alt with this key means nothing, esc was pressed and at once the key.
  const behind = command === undefined ? pressesBehindAlt(pressed) : null
  if (behind !== null) {
    const left = press(state, behind[0])
    const next = press(left.state, behind[1])
    return {state: next.state, effects: [...left.effects, ...next.effects]}
  }
  if (mode === 'dialog' && state.dialog?.typed != null && text !== '') return typeIntoDialog(cleared, text)
  if (command !== undefined) return runCommand(cleared, command)
  return step(mode === 'insert' && text !== '' ? typeText(cleared, text) : typeIntoOverlay(cleared, text))
}

function addSample(state: UiState, {nowMs, nodes, pairs, events, snapshots, drill, log}: Sample): UiState {
  const {run} = state.load
  return {
    ...state,
    overlay: log === undefined ? state.overlay : addLog(state.overlay, log),
    nowMs,
    nodes,
    pairs,
    events: events.length === 0 ? state.events : [...state.events, ...events].slice(-EVENTS_KEPT),
    load: run === null || !isRunning(run) ? state.load : {...state.load, run: addToRun(run, snapshots)},
    drill: addDrillProgress(state.drill, drill),
  }
}
