import type {Screen} from './ui-state.js'

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

export interface Binding {
  readonly id: string
  readonly keys: readonly Chord[]
  readonly modes: readonly Mode[]
  /** Only on these screens; everywhere when absent. */
  readonly screens?: readonly Screen[]
  /** A word or two for the footer; absent = not shown there. Three dots: asks before it acts. */
  readonly label?: string
  /** A line for the help and the documentation. */
  readonly help: string
  /** Left out of the footer where it would only be refused. */
  readonly needs?: 'nodes' | 'noNodes' | 'drill'
  /** It launches, ends, freezes or loads something: not with --readonly. */
  readonly changes?: true
  /** What is left of it with --readonly, where it changes something in some places only. */
  readonly readonlyHelp?: string
}
