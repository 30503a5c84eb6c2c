import type {Copied} from '../paint/terminal-control.js'
import type {ScreenId, ScreenRequests} from './part-types.js'

/** What a key press asks for besides a new state; shell/effects.ts carries it out. */
export type Effect =
  | ScreenRequest
  | ShowScreen
  /** Puts a text into the clipboard of the terminal. */
  | ({readonly type: 'copy'} & Copied)
  /** Writes a new file, named after `name`, into the working directory. */
  | {readonly type: 'saveText'; readonly name: string; readonly text: string; readonly what: string}
  /** Gives the terminal to the shell until the operator brings the program back. */
  | {readonly type: 'suspend'}
  | {readonly type: 'quit'; readonly reason: QuitReason}

/** Another screen comes into sight, at what `target` names there; null: as it was left. update() opens it itself. */
interface ShowScreen {
  readonly type: 'show'
  readonly screen: ScreenId
  readonly target: string | null
}

/** What is left to be carried out after update(). */
export type OutsideEffect = Exclude<Effect, ShowScreen>

/** A request of one screen, for its own effects. */
type ScreenRequest = {[Id in ScreenId]: {readonly type: Id; readonly request: ScreenRequests[Id]}}[ScreenId]

/** quit = asked for with q; interrupt = Ctrl-C. */
export type QuitReason = 'quit' | 'interrupt'

/** A new state, and the effects to carry out. */
export interface Step<State> {
  readonly state: State
  readonly effects: readonly Effect[]
}

export function step<State>(state: State, ...effects: readonly Effect[]): Step<State> {
  return {state, effects}
}
