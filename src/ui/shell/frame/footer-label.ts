import type {Binding} from '../../core/binding.js'
import {selectedNode, type UiState} from '../../core/ui-state.js'
import {markedField} from '../../overlays/form-state.js'
import {isDrilling} from '../../screens/drill/state/drill-state.js'
import {shownRun} from '../../screens/load/state/full-commands.js'
import {isRunning} from '../../screens/load/state/load-state.js'

/** What a key does at this moment, where that depends on what is shown; absent: nothing. */
export function footerLabel(
  {id, label}: Binding,
  state: Pick<UiState, 'screen' | 'overlay' | 'load' | 'drill' | 'report' | 'nodes' | 'nodesView' | 'selectedNode'>,
): string | undefined {
  const {screen, overlay, load, drill, report} = state
  switch (id) {
    case 'node.freeze':
      return selectedNode(state)?.status.state === 'paused' ? 'thaw' : label
    case 'form.next':
      return overlay?.kind === 'form' && overlay.form.spec.fields.length > 1 ? label : undefined
    case 'form.right':
      return overlay?.kind === 'form' && markedField(overlay.form)?.choices !== undefined ? label : undefined
    case 'form.reset':
      return overlay?.kind === 'form' && (markedField(overlay.form)?.name ?? '') in overlay.form.given
        ? label
        : undefined
    case 'form.accept':
      return overlay?.kind === 'form' ? overlay.form.spec.accept : label
    case 'form.save':
      return overlay?.kind === 'form' ? overlay.form.spec.keep : label
    case 'load.toggle':
      return isRunning(load.run) ? 'stop' : 'start'
    case 'load.full':
      return shownRun({load}) === null ? undefined : load.full === null ? 'table' : 'all'
    case 'load.next':
      return shownRun({load}) === null ? 'target' : load.full === null ? 'panes' : 'next pane'
    case 'load.edit':
    case 'load.save':
      return isRunning(load.run) ? undefined : label
    case 'load.rateUp':
      return isRunning(load.run) ? label : undefined
    case 'load.windowUp':
    case 'load.scale':
    case 'load.hold':
      return shownRun({load}) === null ? undefined : label
    case 'scroll.pageUp':
      return screen === 'load' && load.full === null ? undefined : label
    case 'drill.enter':
      return drillEnterLabel(drill)
    case 'drill.edit':
      return isDrilling(drill) || drill.view === 'history' ? undefined : label
    case 'drill.history':
      return drill.page !== null ? undefined : drill.view === 'history' ? 'leave history' : label
    case 'report.open':
    case 'report.mark':
    case 'report.compare':
    case 'report.filter':
    case 'report.export':
    case 'report.delete':
      return report.page === null ? label : undefined
    default:
      return label
  }
}

function drillEnterLabel(drill: UiState['drill']): string | undefined {
  if (drill.page !== null) return undefined
  if (drill.view === 'history') return 'open report'
  if (isDrilling(drill)) return drill.view === 'run' ? undefined : 'watch'
  return drill.view === 'run' ? 'to the list' : 'run'
}
