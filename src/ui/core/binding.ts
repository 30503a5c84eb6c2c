import type {ScreenId} from './part-types.js'
import type {UiState} from './ui-state.js'

/** What a key press means depends on the mode: moving about, typing, answering a dialog, reading a log … */
export const modes = [
  'nav',
  'insert',
  'dialog',
  'help',
  'log',
  'filter',
  'explain',
  'command',
  'form',
  'page',
  'slabs',
] as const
export type Mode = (typeof modes)[number]

/** One key as a word: `j`, `ctrl+d`, `up`, `enter`, `esc`, `tab`, `pageup`. */
export type Chord = string

/** One row of the key table. */
export interface Binding {
  readonly id: string
  readonly keys: readonly Chord[]
  readonly modes: readonly Mode[]
  /** Only on these screens; everywhere when absent. The bindings of a screen get it from defineScreen(). */
  readonly screens?: readonly ScreenId[]
  /** A word or two for the footer; absent = not shown there. Three dots: asks before it acts. */
  readonly label?: string | LabelOf
  /** A line for the help and the documentation. */
  readonly help: string
  /** Left out of the footer where it would only be refused. */
  readonly needs?: 'nodes' | 'noNodes' | ((state: UiState) => boolean)
  /** Shown in the footer however little room there is. */
  readonly always?: true
  /** It launches, ends, freezes or loads something: not with --readonly. */
  readonly changes?: true
  /** Help with --readonly, of a key that changes something in some places only. */
  readonly readonlyHelp?: string
}

/** A label that depends on what is shown; undefined: the key does nothing at this moment. */
type LabelOf = (state: UiState) => string | undefined

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
