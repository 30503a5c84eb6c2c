import {defineScreen} from '../../core/screen.js'
import type {UiState} from '../../core/ui-state.js'
import {ReportEffects} from './report-effects.js'
import {reportBindings} from './report-keys.js'
import {
  backInReport,
  moveReport,
  openReports,
  readOlder,
  reportCommands,
  scrollReport,
} from './state/report-commands.js'
import {applyReportEvent, initialReport} from './state/report-state.js'
import {ReportScreenView} from './view/report-view.js'

/** Report: the history of runs and drills; open one, compare two. */
export const reportScreen = defineScreen({
  id: 'report',
  title: 'Report',
  initial: {report: initialReport},
  bindings: reportBindings,
  commands: reportCommands,
  open: openReports,
  reduce: (state, event) => ({...state, report: applyReportEvent(state.report, event)}),
  back: backInReport,
  move: (state, by) => readOlder(moveReport(state, by)),
  scroll: (state, linesOf) => readOlder(scrollReport(state, linesOf)),
  mode: ({report}) => (report.typing ? 'filter' : 'nav'),
  typing: {
    type: (state, text) => editFilter(state, filter => filter + text),
    edit: editFilter,
    close: state => ({...state, report: {...state.report, typing: false}}),
  },
  effects: services => new ReportEffects(services),
  View: ReportScreenView,
})

function editFilter(state: UiState, change: (filter: string) => string): UiState {
  return {...state, report: {...state.report, filter: change(state.report.filter)}}
}
