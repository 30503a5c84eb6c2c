import {type Step, step} from '../core/effect.js'
import {type Screen, screens, type UiState} from '../core/ui-state.js'
import {ask} from '../overlays/dialog-commands.js'
import {openConsole} from '../screens/console/state/console-commands.js'
import {explain} from '../screens/console/state/transcript-commands.js'
import {backInDrill, openDrills} from '../screens/drill/state/drill-commands.js'
import {isDrilling} from '../screens/drill/state/drill-state.js'
import {shownRun} from '../screens/load/state/full-commands.js'
import {isRunning} from '../screens/load/state/load-state.js'
import {liveNodes} from '../screens/nodes/state/node-commands.js'
import {backInNodes} from '../screens/nodes/state/nodes-commands.js'
import {backInReport, openReports} from '../screens/report/state/report-commands.js'

export const appCommands = {
  'screen.nodes': (state: UiState) => show(state, 'nodes'),
  'screen.load': (state: UiState) => show(state, 'load'),
  'screen.console': (state: UiState) => show(state, 'console'),
  'screen.drill': (state: UiState) => show(state, 'drill'),
  'screen.report': (state: UiState) => show(state, 'report'),
  'screen.next': (state: UiState) => showNeighbour(state, 1),
  'screen.previous': (state: UiState) => showNeighbour(state, -1),
  'app.back': back,
  'app.help': help,
  'app.suspend': (state: UiState) => step(state, {type: 'suspend'}),
  'app.quit': quit,
  'app.interrupt': (state: UiState) => step(state, {type: 'quit', reason: 'interrupt'}),
}

/** On a marked line of a console, what that means is what is asked. */
function help(state: UiState): Step<UiState> {
  const onLine = state.screen === 'console' && state.console.marked !== null
  return onLine ? explain(state) : step({...state, help: 0})
}

function show(state: UiState, screen: Screen): Step<UiState> {
  switch (screen) {
    case 'console':
      return openConsole(state, state.console.target)
    case 'drill':
      return openDrills(state)
    case 'report':
      return openReports(state)
    default:
      return step({...state, screen})
  }
}

function showNeighbour(state: UiState, by: number): Step<UiState> {
  const next = screens[(screens.indexOf(state.screen) + by + screens.length) % screens.length]
  return show(state, next ?? 'nodes')
}

/** One level back: out of the input line, out of a result or report, then to the first screen. */
function back(state: UiState): Step<UiState> {
  const {screen, console, load} = state
  if (screen === 'console' && console.marked !== null) {
    return step({...state, console: {...console, marked: null, scrolls: {}}})
  }
  if (screen === 'console' && console.typing) return step({...state, console: {...console, typing: false}})
  if (screen === 'console' && console.full) return step({...state, console: {...console, full: false}})
  if (screen === 'load' && load.full !== null && shownRun(state) !== null) {
    return step({...state, load: {...load, full: null}})
  }
  if (screen === 'load' && load.run !== null && !isRunning(load.run) && !load.choosing) {
    return step({...state, load: {...load, choosing: true, held: null}})
  }
  const inside =
    screen === 'nodes'
      ? backInNodes(state)
      : screen === 'drill'
        ? backInDrill(state)
        : screen === 'report'
          ? backInReport(state)
          : null
  return step(inside ?? {...state, screen: 'nodes'})
}

function quit(state: UiState): Step<UiState> {
  // What repbench has not started goes on without it.
  const live = liveNodes(state).flatMap(({name, backend}) => (backend === null ? [] : [name]))
  const running = isRunning(state.load.run)
  const drilling = isDrilling(state.drill)
  if (live.length === 0 && !running && !drilling) return step(state, {type: 'quit', reason: 'quit'})
  return step(
    ask(state, {
      title: 'Quit?',
      body: [
        ...(running ? ['The load is still running; it is stopped and reported.'] : []),
        ...(drilling ? ['A drill is still running; it and its pair are stopped.'] : []),
        ...(live.length > 0 ? [`Stops ${live.join(', ')}; what they hold in memory is gone.`] : []),
      ],
      yesLabel: 'quit',
      effects: [{type: 'quit', reason: 'quit'}],
    }),
  )
}
