import type {Binding, Chord, Mode} from '../core/binding.js'
import type {Screen} from '../core/ui-state.js'
import {dialogBindings} from '../overlays/dialog-keys.js'
import {formBindings} from '../overlays/form-keys.js'
import {pageBindings} from '../overlays/page-keys.js'
import {consoleBindings} from '../screens/console/console-keys.js'
import {typingBindings} from '../screens/console/typing-keys.js'
import {drillBindings} from '../screens/drill/drill-keys.js'
import {loadBindings} from '../screens/load/load-keys.js'
import {nodesBindings} from '../screens/nodes/nodes-keys.js'
import {explainBindings} from '../screens/nodes/overlays/explain-keys.js'
import {logBindings} from '../screens/nodes/overlays/log-keys.js'
import {slabsBindings} from '../screens/nodes/overlays/slabs-keys.js'
import {reportBindings} from '../screens/report/report-keys.js'
import {appBindings} from './app-keys.js'
import {helpBindings} from './help/help-keys.js'
import {moveBindings} from './move-keys.js'
import {paletteBindings} from './palette/palette-keys.js'

/**
 * Every key of the UI, the most useful first. Dispatch, footer, `?` help and
 * docs/keys.md all read this table, and nothing else.
 */
export const bindings = [
  ...nodesBindings,
  ...loadBindings,
  ...consoleBindings,
  ...typingBindings,
  ...drillBindings,
  ...reportBindings,
  ...moveBindings,
  ...appBindings,
  // What lies over a screen
  ...logBindings,
  ...explainBindings,
  ...paletteBindings,
  ...formBindings,
  ...pageBindings,
  ...slabsBindings,
  ...dialogBindings,
  ...helpBindings,
] as const satisfies readonly Binding[]

export type CommandId = (typeof bindings)[number]['id']

/** Where a key is pressed. */
export interface KeyPlace {
  readonly mode: Mode
  readonly screen: Screen
}

/** What a key does in this place, or undefined. */
export function commandFor(chord: Chord, place: KeyPlace): CommandId | undefined {
  return bindings.find(binding => appliesIn(binding, place) && (binding.keys as readonly string[]).includes(chord))?.id
}

/** The bindings that work in this place, in the order of the table. */
export function bindingsFor(place: KeyPlace): readonly (Binding & {readonly id: CommandId})[] {
  return bindings.filter(binding => appliesIn(binding, place))
}

function appliesIn(binding: Binding, {mode, screen}: KeyPlace): boolean {
  return binding.modes.includes(mode) && (binding.screens?.includes(screen) ?? true)
}

/** What a key does, for the help and the palette. */
export function helpOf({help, readonlyHelp}: Binding, readonly: boolean): string {
  return readonly ? (readonlyHelp ?? help) : help
}

const keyNames: Readonly<Record<string, string>> = {
  ' ': 'space',
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
}

/** A key as the footer, the help and the documentation write it: ^T, ↑, PgUp, esc. */
export function keyName(chord: Chord): string {
  const control = /^ctrl\+(.)$/.exec(chord)?.[1]
  if (control !== undefined) return `^${control.toUpperCase()}`
  return keyNames[chord] ?? chord
}
