import type {Address} from '../../protocol/address.js'
import type {FormValues} from '../ports/form-spec.js'
import type {SavedEntry, SavedRun} from '../ports/report-port.js'

/** What a key press asks of the world outside the state. Carried out by run-effect.ts. */
export type Effect =
  | NodeEffect
  /** From now on the samples carry this node's log; null = none. */
  | {readonly type: 'watchLog'; readonly node: string | null}
  /** From now on this node's slab classes are read; null = nobody's. */
  | {readonly type: 'watchSlabs'; readonly node: string | null}
  | {readonly type: 'load'; readonly request: LoadRequest}
  | {readonly type: 'openConsoles'}
  | {readonly type: 'console'; readonly request: ConsoleRequest}
  /** Puts a text into the clipboard of the terminal. */
  | ({readonly type: 'copy'} & Copied)
  /** Writes a new file, named after `name`, into the working directory. */
  | {readonly type: 'saveText'; readonly name: string; readonly text: string; readonly what: string}
  /** Gives the terminal to the shell until the operator brings the program back. */
  | {readonly type: 'suspend'}
  | {readonly type: 'send'; readonly nodes: readonly string[]; readonly line: string}
  | {readonly type: 'drill'; readonly request: DrillRequest}
  | {readonly type: 'report'; readonly request: ReportRequest}
  | {readonly type: 'quit'; readonly reason: QuitReason}

/** A text for the clipboard. */
export interface Copied {
  readonly text: string
  /** For the operator. */
  readonly what: string
  /** What is taken of a text that is too long. @default 'start' */
  readonly keep?: 'start' | 'end'
}

export type NodeEffect =
  | {readonly type: 'launch'; readonly topology: string; readonly given: FormValues}
  /** Running servers, together: two are taken for a pair. */
  | {readonly type: 'attach'; readonly addresses: readonly Address[]}
  | {readonly type: 'kill' | 'terminate' | 'restart' | 'freeze' | 'thaw' | 'detach'; readonly node: string}

export type ConsoleRequest =
  | {readonly type: 'save'}
  | {readonly type: 'open'; readonly address: Address}
  /** telnet's `close`. */
  | {readonly type: 'end'; readonly node: string}
  | {readonly type: 'checkKey'; readonly key: string}
  | {readonly type: 'replay'; readonly file: string; readonly target: string}
  /** Reads the lines that were typed in earlier sessions. */
  | {readonly type: 'readHistory'}

export type LoadRequest =
  | {readonly type: 'list' | 'stop'}
  | {
      readonly type: 'start'
      readonly profile: string
      /** What the profile is changed by. */
      readonly given: FormValues
      readonly node: string
      readonly lagProbe: boolean
      /** Half of the connections go to the other node of its pair. */
      readonly both?: boolean
    }
  | {readonly type: 'rate'; readonly ratePerSecond: number}
  | {
      readonly type: 'save'
      readonly profile: string
      readonly given: FormValues
      readonly path: string
      readonly overwrite: boolean
    }

export type DrillRequest =
  | {readonly type: 'list' | 'past' | 'stop'}
  | {readonly type: 'start'; readonly drill: string; readonly given: FormValues}
  | {readonly type: 'open'; readonly path: string; readonly title: string}

export type ReportRequest =
  /** The newest so many. */
  | {readonly type: 'list'; readonly limit: number}
  | {readonly type: 'open' | 'export'; readonly entry: SavedEntry}
  | {readonly type: 'compare'; readonly first: SavedRun; readonly second: SavedRun}
  | {readonly type: 'remove'; readonly path: string}

/** quit = asked for with q; interrupt = Ctrl-C. */
export type QuitReason = 'quit' | 'interrupt'

/** A new state and what remains to be done. */
export interface Step<State> {
  readonly state: State
  readonly effects: readonly Effect[]
}

export function step<State>(state: State, ...effects: readonly Effect[]): Step<State> {
  return {state, effects}
}
