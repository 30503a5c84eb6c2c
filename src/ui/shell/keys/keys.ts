import type {Binding, Chord, Mode} from '../../core/binding.js'
import type {ScreenId} from '../../core/part-types.js'
import type {UiState} from '../../core/ui-state.js'
import {dialogBindings, dialogCommands} from '../../overlays/dialog.js'
import {navRows} from '../commands/nav-rows.js'
import {type Row, rowsOf} from '../commands/rows.js'
import {screenOf} from '../commands/screens.js'
import {helpRows} from '../help/help-commands.js'
import {overlayPartOf, overlays} from './overlays.js'
import {filterRows} from './typing.js'

/**
 * Every key of the UI, the most useful first. Dispatch, footer, `?` help and
 * docs/keys.md all read this table, and nothing else.
 */
export const rows: readonly Row[] = [
  ...navRows,
  ...filterRows,
  ...overlays.flatMap(rowsOf),
  ...rowsOf({bindings: dialogBindings, commands: dialogCommands}),
  ...helpRows(() => rows),
]

/** Where a key is pressed. */
export interface KeyPlace {
  readonly mode: Mode
  readonly screen: ScreenId
}

/** Meaning of keys at this moment. */
export function modeOf(state: UiState): Mode {
  if (state.dialog !== null) return 'dialog'
  if (state.help !== null) return 'help'
  if (state.overlay !== null) return overlayPartOf(state)?.mode(state.overlay) ?? 'nav'
  return screenOf(state).mode?.(state) ?? 'nav'
}

/** The row of a key in this place, or undefined. */
export function rowFor(chord: Chord, place: KeyPlace): Row | undefined {
  return rows.find(row => appliesIn(row, place) && row.keys.includes(chord))
}

/** The rows that work in this place, in the order of the table. */
export function rowsFor(place: KeyPlace): readonly Row[] {
  return rows.filter(row => appliesIn(row, place))
}

function appliesIn({modes, screens}: Binding, {mode, screen}: KeyPlace): boolean {
  return modes.includes(mode) && (screens?.includes(screen) ?? true)
}
