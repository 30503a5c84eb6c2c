import {type Binding, modes} from '../../core/binding.js'
import {type Step, step} from '../../core/effect.js'
import type {ScreenId} from '../../core/part-types.js'
import type {Command} from '../../core/screen.js'
import type {UiState} from '../../core/ui-state.js'
import {isLive} from '../../node-view/node-view.js'
import {ask} from '../../overlays/dialog.js'
import {openPalette} from './palette-state.js'
import {rowsOf} from './rows.js'
import {firstScreen, screenNamed, screenOf, screens} from './screens.js'

const screenBindings = screens.map(({id, title}, index): Binding => {
  return {id: `screen.${id}`, keys: [String(index + 1)], modes: ['nav'], help: `screen ${title}`}
})
const screenCommands = Object.fromEntries(
  screens.map(({id}): [string, Command] => [`screen.${id}`, state => show(state, id)]),
)

/** Keys that go to another screen, and those of the program itself. */
export const appRows = rowsOf({
  bindings: [
    ...screenBindings,
    {id: 'screen.next', keys: [']'], modes: ['nav'], help: 'next screen'},
    {id: 'screen.previous', keys: ['['], modes: ['nav'], help: 'previous screen'},
    {
      id: 'app.back',
      keys: ['esc'],
      modes: ['nav', 'insert'],
      label: 'back',
      // There is nothing behind the first screen.
      needs: state => state.screen !== firstScreen.id || firstScreen.back(state) !== null,
      always: true,
      help: 'one level back; never quits',
    },
    {id: 'palette.open', keys: [':'], modes: ['nav'], label: 'cmd', always: true, help: 'do anything by its name'},
    {id: 'app.help', keys: ['?'], modes: ['nav'], label: 'help', always: true, help: 'this help'},
    {
      id: 'app.quit',
      keys: ['q'],
      modes: ['nav'],
      label: 'quit',
      always: true,
      help: 'quit (asks while something runs)',
    },
    {id: 'app.suspend', keys: ['ctrl+z'], modes, help: 'back to the shell; fg returns. What runs goes on meanwhile'},
    {id: 'app.interrupt', keys: ['ctrl+c'], modes, help: 'stop everything and quit; again: without waiting'},
  ],
  commands: {
    ...screenCommands,
    'screen.next': state => showNeighbour(state, 1),
    'screen.previous': state => showNeighbour(state, -1),
    'app.back': state => step(screenOf(state).back(state) ?? {...state, screen: firstScreen.id}),
    'palette.open': state => step(openPalette(state)),
    'app.help': state => screenOf(state).help?.(state) ?? step({...state, help: 0}),
    'app.quit': quit,
    'app.suspend': state => step(state, {type: 'suspend'}),
    'app.interrupt': state => step(state, {type: 'quit', reason: 'interrupt'}),
  },
})

function show(state: UiState, screen: ScreenId): Step<UiState> {
  return screenNamed(screen).open(state, null)
}

function showNeighbour(state: UiState, by: number): Step<UiState> {
  const at = screens.indexOf(screenOf(state))
  return (screens[(at + by + screens.length) % screens.length] ?? firstScreen).open(state, null)
}

function quit(state: UiState): Step<UiState> {
  // What repbench has not started goes on without it.
  const live = state.nodes.filter(node => node.backend !== null && isLive(node)).map(({name}) => name)
  if (live.length === 0 && state.busy === null) return step(state, {type: 'quit', reason: 'quit'})
  return step(
    ask(state, {
      title: 'Quit?',
      body: [
        ...(state.busy === null ? [] : [state.busy.onQuit]),
        ...(live.length > 0 ? [`Stops ${live.join(', ')}; their data in memory is gone.`] : []),
      ],
      yesLabel: 'quit',
      effects: [{type: 'quit', reason: 'quit'}],
    }),
  )
}
