import {openConsole} from './console-commands.js'
import {ask} from './dialog-commands.js'
import {type Step, step} from './effect.js'
import {isRunning} from './load-state.js'
import {liveNodes} from './node-commands.js'
import {type Screen, screens, type UiState} from './ui-state.js'

export const appCommands = {
  'screen.nodes': (state: UiState) => show(state, 'nodes'),
  'screen.load': (state: UiState) => show(state, 'load'),
  'screen.console': (state: UiState) => show(state, 'console'),
  'screen.next': (state: UiState) => showNeighbour(state, 1),
  'screen.previous': (state: UiState) => showNeighbour(state, -1),
  'app.back': back,
  'app.help': (state: UiState) => step({...state, help: 0}),
  'help.close': (state: UiState) => step({...state, help: null}),
  'help.down': (state: UiState) => step({...state, help: (state.help ?? 0) + 1}),
  'help.up': (state: UiState) => step({...state, help: Math.max(0, (state.help ?? 0) - 1)}),
  'app.quit': quit,
  'app.interrupt': (state: UiState) => step(state, {type: 'quit', reason: 'interrupt'}),
}

function show(state: UiState, screen: Screen): Step<UiState> {
  return screen === 'console' ? openConsole(state, state.console.target) : step({...state, screen})
}

function showNeighbour(state: UiState, by: number): Step<UiState> {
  const next = screens[(screens.indexOf(state.screen) + by + screens.length) % screens.length]
  return show(state, next ?? 'nodes')
}

/** One level back: out of the input line, out of a run's result, then to the first screen. */
function back(state: UiState): Step<UiState> {
  const {screen, console, load} = state
  if (screen === 'console' && console.typing) return step({...state, console: {...console, typing: false}})
  if (screen === 'load' && load.run !== null && !isRunning(load.run) && !load.choosing) {
    return step({...state, load: {...load, choosing: true, held: null}})
  }
  return step({...state, screen: 'nodes'})
}

function quit(state: UiState): Step<UiState> {
  // What repbench has not started goes on without it.
  const live = liveNodes(state).flatMap(({name, backend}) => (backend === null ? [] : [name]))
  const running = isRunning(state.load.run)
  if (live.length === 0 && !running) return step(state, {type: 'quit', reason: 'quit'})
  return step(
    ask(state, {
      title: 'Quit?',
      body: [
        ...(running ? ['The load is still running; it is stopped and reported.'] : []),
        ...(live.length > 0 ? [`Stops ${live.join(', ')}; what they hold in memory is gone.`] : []),
      ],
      yesLabel: 'quit',
      effects: [{type: 'quit', reason: 'quit'}],
    }),
  )
}
