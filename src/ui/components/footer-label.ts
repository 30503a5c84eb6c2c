import type {Binding} from '../keys/binding.js'
import {isDrilling} from '../state/drill-state.js'
import {isRunning} from '../state/load-state.js'
import type {UiState} from '../state/ui-state.js'

/** What a key does at this moment, where that depends on what is shown; absent: nothing. */
export function footerLabel(
  {id, label}: Binding,
  {overlay, load, drill}: Pick<UiState, 'overlay' | 'load' | 'drill'>,
): string | undefined {
  switch (id) {
    case 'form.accept':
      return overlay?.kind === 'form' ? overlay.form.spec.accept : label
    case 'form.save':
      return overlay?.kind === 'form' ? overlay.form.spec.keep : label
    case 'load.toggle':
      return isRunning(load.run) ? 'stop' : 'start'
    case 'drill.enter':
      return drillEnterLabel(drill)
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
