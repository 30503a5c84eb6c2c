import type {Binding} from '../../core/binding.js'
import {keyName} from '../../core/binding.js'
import type {UiState} from '../../core/ui-state.js'
import {paint, type Span, spansWidth} from '../../draw/text.js'
import type {Theme} from '../../draw/theme.js'
import {modeOf, rowsFor} from '../keys/keys.js'

/** The line at the bottom: a notice while there is one, else the keys that work here. */
export function footerLine(state: UiState, width: number, theme: Theme): string {
  const {notice} = state
  if (notice !== null) return paint([' ', [notice.text, notice.tone]], width, theme)
  return paint(keySpans(state, width), width, theme)
}

/** Whole entries only, and help always among them. */
function keySpans(state: UiState, width: number): Span[] {
  const shown = rowsFor({mode: modeOf(state), screen: state.screen}).flatMap(row => {
    const label = labelOf(row, state)
    return label === undefined ? [] : [{isAlways: row.always === true, spans: entry(row, label)}]
  })
  const always = shown.filter(({isAlways}) => isAlways).map(({spans}) => spans)
  const others = shown.filter(({isAlways}) => !isAlways).map(({spans}) => spans)
  let room = width - 1 - spansWidth(always.flat())
  const fitting = others.filter(spans => {
    const width = spansWidth(spans)
    if (width > room) return false
    room -= width
    return true
  })
  return [' ', ...fitting.flat(), ...always.flat()]
}

/** What a key does at this moment; undefined: nothing, or nothing worth a place in the footer. */
function labelOf({label, needs, changes}: Binding, state: UiState): string | undefined {
  if (changes === true && state.session.readonly) return undefined
  if (typeof needs === 'function' && !needs(state)) return undefined
  if (needs === 'nodes' && state.nodes.length === 0) return undefined
  if (needs === 'noNodes' && state.nodes.length > 0) return undefined
  return typeof label === 'function' ? label(state) : label
}

function entry({keys}: Binding, label: string): Span[] {
  return [[keyName(keys[0] ?? ''), 'key'], ` ${label}  `]
}
