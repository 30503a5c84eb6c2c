import type {Binding} from '../../core/binding.js'
import type {UiState} from '../../core/ui-state.js'
import {isRunning} from './state/load-run.js'
import {shownRun} from './state/load-state.js'

const nothingRuns = ({load}: UiState) => !isRunning(load.run)
const isRunShown = (state: UiState) => shownRun(state) !== null

/** Keys of the Load screen. A part of the key table. */
export const loadBindings = [
  {
    id: 'load.toggle',
    keys: ['b'],
    modes: ['nav'],
    label: ({load}) => (isRunning(load.run) ? 'stop' : 'start'),
    help: 'start the chosen load, or stop the running one',
    changes: true,
  },
  {
    id: 'load.edit',
    keys: ['e'],
    modes: ['nav'],
    label: 'edit',
    needs: nothingRuns,
    help: 'the settings of the chosen load, in a form that runs it or saves it',
    changes: true,
  },
  {
    id: 'load.maximizedPane',
    keys: ['f'],
    modes: ['nav'],
    label: ({load}) => (load.maximizedPane === null ? 'table' : 'all'),
    needs: isRunShown,
    help: 'of a run the latency table alone, j and k scroll it; again: all panes',
  },
  {
    id: 'load.next',
    keys: ['tab', 'right'],
    modes: ['nav'],
    label: state => (!isRunShown(state) ? 'target' : state.load.maximizedPane === null ? 'panes' : 'next pane'),
    help: 'of a run the next pane alone: table, charts, events, then all; else the next node to load',
  },
  {
    id: 'load.previous',
    keys: ['shift+tab', 'left'],
    modes: ['nav'],
    help: 'the previous pane alone; while a load is chosen the previous node',
  },
  {
    id: 'load.rateUp',
    keys: ['+', '='],
    modes: ['nav'],
    label: 'faster',
    needs: ({load}) => isRunning(load.run),
    help: 'more operations per second, while the load runs',
    changes: true,
  },
  {
    id: 'load.rateDown',
    keys: ['-', '_'],
    modes: ['nav'],
    help: 'fewer operations per second, while the load runs',
    changes: true,
  },
  {
    id: 'load.rate',
    keys: ['R'],
    modes: ['nav'],
    label: 'set rate',
    help: 'type the operations per second: of the running load, or else of the chosen one; :rate 25k does the same',
    changes: true,
  },
  {
    id: 'load.windowUp',
    keys: ['>', '.'],
    modes: ['nav'],
    label: 'window',
    needs: isRunShown,
    help: 'a longer time in the charts: 30 s, 1, 5 or 15 minutes, an hour',
  },
  {id: 'load.windowDown', keys: ['<', ','], modes: ['nav'], help: 'a shorter time in the charts'},
  {
    id: 'load.scale',
    keys: ['l'],
    modes: ['nav'],
    label: 'log',
    needs: isRunShown,
    help: 'charts of rates and times on a logarithmic scale; again: linear',
  },
  {
    id: 'load.hold',
    keys: ['p'],
    modes: ['nav'],
    label: 'hold',
    needs: isRunShown,
    help: 'freeze the picture while the run goes on; again: resume',
  },
  {
    id: 'load.save',
    keys: ['w'],
    modes: ['nav'],
    label: 'save',
    needs: nothingRuns,
    help: 'write the chosen load, as it is edited, into a profile file',
  },
] as const satisfies readonly Binding[]
