import type {Binding} from '../../core/binding.js'
import type {UiState} from '../../core/ui-state.js'
import {isDrilling} from './state/drill-state.js'

/** Keys of the Drill screen. A part of the key table. */
export const drillBindings = [
  {
    id: 'drill.enter',
    keys: ['enter'],
    modes: ['nav'],
    label: enterLabel,
    help: 'run the chosen drill, on a pair of its own unless e chose another; in the history: open its report',
    readonlyHelp: 'in the history: open the report',
  },
  {
    id: 'drill.edit',
    keys: ['e'],
    modes: ['nav'],
    label: 'options',
    needs: ({drill}) => !isDrilling(drill) && drill.view !== 'history',
    help: 'change the pair, faults, load, clients, times and assertions of the chosen drill',
    changes: true,
  },
  {
    id: 'drill.abort',
    keys: ['a'],
    modes: ['nav'],
    label: 'abort…',
    needs: ({drill}) => isDrilling(drill),
    help: 'abort the running drill (asks)',
    changes: true,
  },
  {
    id: 'drill.history',
    keys: ['h'],
    modes: ['nav'],
    label: ({drill}) => (drill.view === 'history' ? 'leave history' : 'history'),
    needs: ({drill}) => drill.page === null,
    help: 'verdicts of earlier drills; again: back',
  },
] as const satisfies readonly Binding[]

function enterLabel({drill, session}: UiState): string | undefined {
  const {page, view} = drill
  if (page !== null) return undefined
  if (view === 'history') return 'open report'
  // In the list it starts a drill.
  if (view === 'list' && session.readonly) return undefined
  if (isDrilling(drill)) return view === 'run' ? undefined : 'watch'
  return view === 'run' ? 'to the list' : 'run'
}
