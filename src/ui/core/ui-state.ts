import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {WindowSize} from '../draw/layout.js'
import type {NodeView, PairView} from '../node-view/node-view.js'
import {type Effect, type Step, step} from './effect.js'
import type {Overlay, ScreenId, ScreenStates} from './part-types.js'
import type {Session} from './session.js'

/** Everything the screens draw. Changed only by update(), never in place. */
export interface UiState extends ShellState, ScreenStates {}

/** The part of the state that all screens share. */
export interface ShellState {
  readonly screen: ScreenId
  readonly size: WindowSize
  /** What stays as it is while the program runs. */
  readonly session: Session
  readonly dialog: Dialog | null
  /** What lies over the screen: a log, a form, the palette. */
  readonly overlay: Overlay | null
  /** First line of the help shown; null while the help is closed. */
  readonly help: number | null
  readonly notice: Notice | null
  /** What the program is doing for the operator at the moment ("Launching pair"). */
  readonly activity: string | null
  /** The screen that has a load or a drill running; null: none has. Set before each command. */
  readonly busy: Busy | null
  /** Wall clock of the last sample, ms since the epoch. */
  readonly nowMs: number
  readonly nodes: readonly NodeView[]
  readonly pairs: readonly PairView[]
  readonly events: readonly NodeEvent[]
}

/** A screen has something running: one thing runs at a time. */
export interface Busy {
  readonly screen: ScreenId
  /** Why no other screen can start anything. */
  readonly refusal: string
  /** What quitting does to it. */
  readonly onQuit: string
}

/** One line in the place of the footer, until the next key press. */
export interface Notice {
  readonly tone: 'ok' | 'bad'
  readonly text: string
}

/** A question before something destructive; the answer marked at first is no. */
export interface Dialog {
  readonly title: string
  readonly body: readonly string[]
  readonly yesLabel: string
  readonly marked: 'no' | 'yes'
  readonly effects: readonly Effect[]
  /** Where a plain yes is too easy: the name that must be typed. */
  readonly typed: {readonly expected: string; readonly text: string} | null
}

/** Nothing is done, and the footer says why. */
export function refuse(state: UiState, text: string): Step<UiState> {
  return step({...state, notice: {tone: 'bad', text}})
}
