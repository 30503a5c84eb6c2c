import {assertNever} from '../../protocol/errors.js'
import type {Action, Sample} from '../core/action.js'
import {type Step, step} from '../core/effect.js'
import {type Press, pressesBehindAlt} from '../core/key-press.js'
import {EVENTS_KEPT, modeOf, type UiState} from '../core/ui-state.js'
import {typeIntoDialog} from '../overlays/dialog-commands.js'
import {paste, typeText} from '../screens/console/state/console-commands.js'
import {withHistory} from '../screens/console/state/console-state.js'
import {addDrillProgress, applyDrillEvent} from '../screens/drill/state/drill-state.js'
import {onLoadEvent} from '../screens/load/state/load-events.js'
import {addToRun, isRunning} from '../screens/load/state/load-state.js'
import {addLog} from '../screens/nodes/overlays/log-commands.js'
import {addSlabs} from '../screens/nodes/overlays/slabs-commands.js'
import {applyReportEvent} from '../screens/report/state/report-state.js'
import {runCommand} from './commands.js'
import {commandFor} from './keys.js'
import {pasteIntoOverlay, typeIntoOverlay} from './overlay-text.js'

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
