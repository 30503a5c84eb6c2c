import {step} from '../../core/effect.js'
import {defineScreen} from '../../core/screen.js'
import type {UiState} from '../../core/ui-state.js'
import {formatCount, formatMs} from '../../draw/format.js'
import type {Span} from '../../draw/text.js'
import {LoadEffects} from './load-effects.js'
import {loadBindings} from './load-keys.js'
import {backInLoad, loadCommands, moveProfile} from './state/load-commands.js'
import {reduceLoadEvent} from './state/load-events.js'
import {addToRun, isRunning} from './state/load-run.js'
import {busyWithLoad, initialLoad} from './state/load-state.js'
import {scrollPane} from './state/pane-commands.js'
import {profileCommands} from './state/profile-commands.js'
import {rateCommands, setRate} from './state/rate-commands.js'
import {LoadScreenView} from './view/load-view.js'

/** Load: choose a profile and a node, run it, watch its charts. */
export const loadScreen = defineScreen({
  id: 'load',
  title: 'Load',
  initial: {load: initialLoad},
  bindings: loadBindings,
  commands: {...loadCommands, ...profileCommands, ...rateCommands},
  open: state => step({...state, screen: 'load'}),
  reduce: reduceLoadEvent,
  onSample(state, {snapshots}) {
    const {run} = state.load
    if (run === null || !isRunning(run)) return state
    return {...state, load: {...state.load, run: addToRun(run, snapshots)}}
  },
  back: backInLoad,
  move: (state, by) => step(state.load.maximizedPane === null ? moveProfile(state, by) : scrollPane(state, () => by)),
  scroll: (state, linesOf) => step(scrollPane(state, linesOf)),
  canScroll: ({load}) => load.maximizedPane !== null,
  busy: busyWithLoad,
  status: runSpans,
  paletteCommands: [
    {
      name: 'rate',
      argument: 'R',
      help: 'operations per second, such as 25k: of the running load, or else of the chosen one',
      take: setRate,
      changes: true,
    },
  ],
  atStart: [{type: 'load', request: {type: 'list'}}],
  effects: services => new LoadEffects(services),
  View: LoadScreenView,
})

function runSpans({load: {run}}: UiState): Span[] {
  if (run === null || !isRunning(run)) return []
  const point = run.points.at(-1)
  if (point === undefined) return [['● load starts  ', 'accent']]
  return [['● ', 'accent'], `${formatCount(point.opsPerSecond)} op/s  p99 ${formatMs(point.p99Us)} ms  `]
}
