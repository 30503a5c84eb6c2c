import type {Binding} from '../../core/binding.js'
import {modeOf, type UiState} from '../../core/ui-state.js'
import {paint, type Span, spansWidth} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'
import {isDrilling} from '../../screens/drill/state/drill-state.js'
import {isInsideNodes} from '../../screens/nodes/state/nodes-state.js'
import {bindingsFor, type CommandId, keyName} from '../keys.js'
import {footerLabel} from './footer-label.js'

export type FooterState = Pick<
  UiState,
  | 'screen'
  | 'dialog'
  | 'help'
  | 'overlay'
  | 'notice'
  | 'console'
  | 'nodes'
  | 'nodesView'
  | 'selectedNode'
  | 'load'
  | 'drill'
  | 'report'
  | 'session'
>

/** The line at the bottom: a notice while there is one, else the keys that work here. */
export function footerLine(state: FooterState, width: number, theme: Theme): string {
  const {notice} = state
  if (notice !== null) return paint([' ', [notice.text, notice.tone]], width, theme)
  return paint(keySpans(state, width), width, theme)
}

const alwaysShown: ReadonlySet<CommandId> = new Set([
  'palette.open',
  'app.help',
  'app.back',
  'app.quit',
  'form.cancel',
  'log.close',
  'filter.cancel',
  'slabs.close',
  'explain.close',
  'page.close',
  'palette.close',
])

/** Whole entries only, and help always among them. */
function keySpans(state: FooterState, width: number): Span[] {
  const shown = bindingsFor({mode: modeOf(state), screen: state.screen}).flatMap(binding => {
    const label = isUseful(binding, state) ? footerLabel(binding, state) : undefined
    return label === undefined ? [] : [{id: binding.id, spans: entry(binding, label)}]
  })
  const always = shown.filter(({id}) => alwaysShown.has(id)).map(({spans}) => spans)
  const others = shown.filter(({id}) => !alwaysShown.has(id)).map(({spans}) => spans)
  let room = width - 1 - spansWidth(always.flat())
  const fitting = others.filter(spans => {
    const width = spansWidth(spans)
    if (width > room) return false
    room -= width
    return true
  })
  return [' ', ...fitting.flat(), ...always.flat()]
}

function isUseful({id, needs, changes}: Binding, state: FooterState): boolean {
  const {nodes, nodesView, drill, session, screen} = state
  if (changes === true && session.readonly) return false
  // In the list it starts a drill.
  if (id === 'drill.enter' && session.readonly && drill.view === 'list') return false
  // There is nothing behind the first screen.
  if (id === 'app.back' && screen === 'nodes' && !isInsideNodes(nodesView)) return false
  if (needs === 'drill') return isDrilling(drill)
  return needs === undefined || (needs === 'nodes') === nodes.length > 0
}

function entry({keys}: Binding, label: string): Span[] {
  return [[keyName(keys[0] ?? ''), 'key'], ` ${label}  `]
}
