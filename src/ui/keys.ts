import {appBindings} from './keys/app-keys.js'
import type {Binding, Chord, Mode} from './keys/binding.js'
import {consoleBindings} from './keys/console-keys.js'
import {dialogBindings} from './keys/dialog-keys.js'
import {drillBindings} from './keys/drill-keys.js'
import {explainBindings} from './keys/explain-keys.js'
import {formBindings} from './keys/form-keys.js'
import {helpBindings} from './keys/help-keys.js'
import {loadBindings} from './keys/load-keys.js'
import {logBindings} from './keys/log-keys.js'
import {moveBindings} from './keys/move-keys.js'
import {nodesBindings} from './keys/nodes-keys.js'
import {pageBindings} from './keys/page-keys.js'
import {paletteBindings} from './keys/palette-keys.js'
import {reportBindings} from './keys/report-keys.js'
import {slabsBindings} from './keys/slabs-keys.js'
import {typingBindings} from './keys/typing-keys.js'
import type {Screen} from './state/ui-state.js'

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
