import {step} from '../../core/effect.js'
import {defineScreen} from '../../core/screen.js'
import {DrillEffects} from './drill-effects.js'
import {drillBindings} from './drill-keys.js'
import {backInDrill, drillCommands, moveDrill, openDrills, scrollDrill} from './state/drill-commands.js'
import {addDrillProgress, applyDrillEvent, busyWithDrill, initialDrill, isDrilling} from './state/drill-state.js'
import {DrillScreenView} from './view/drill-view.js'

/** Drill: choose a failure, run it on a pair under load, see its verdict; the history of drills. */
export const drillScreen = defineScreen({
  id: 'drill',
  title: 'Drill',
  initial: {drill: initialDrill},
  bindings: drillBindings,
  commands: drillCommands,
  open: openDrills,
  reduce: (state, event) => ({...state, drill: applyDrillEvent(state.drill, event)}),
  onSample: (state, sample) => ({...state, drill: addDrillProgress(state.drill, sample.drill)}),
  back: backInDrill,
  move: (state, by) => step(moveDrill(state, by)),
  scroll: (state, linesOf) => step(scrollDrill(state, linesOf)),
  busy: ({drill}) => busyWithDrill(drill),
  status: ({drill}) => (isDrilling(drill) ? [[`● drill ${drill.run?.drill ?? ''}  `, 'accent']] : []),
  effects: services => new DrillEffects(services),
  View: DrillScreenView,
})
