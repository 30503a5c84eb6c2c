import type {Address} from '../../../../protocol/address.js'
import type {SessionState, TranscriptEntry} from '../../../../telnet/transcript/transcript.js'
import {emptyLine, isMemorable, type LineEditor} from '../../../core/line-editor.js'
import type {Scroll} from '../../../core/scroll.js'
import type {TranscriptLine} from './transcript-lines.js'

declare module '../../../core/part-types.js' {
  interface ScreenStates {
    readonly console: ConsoleState
  }
  interface ScreenEvents {
    console: ConsoleEvent
  }
  interface ScreenRequests {
    console: ConsoleRequest
  }
}

export interface ConsoleState {
  /** Keys go into the input line. */
  readonly typing: boolean
  /** Name of the node that gets the line; null = the first one. */
  readonly target: string | null
  readonly editor: LineEditor
  readonly sessions: readonly SessionView[]
  /** Per node: entries up to this moment (ms since the epoch) were cleared away. */
  readonly clearedMs: number
  /** Where each node's transcript is being read. */
  readonly scrolls: Readonly<Record<string, Scroll<TranscriptLine>>>
  /** Index of the marked line in the target's held transcript; null: none is marked. */
  readonly marked: number | null
  /** Each line with the time at which it came. */
  readonly times: boolean
  /** The target's pane alone. */
  readonly full: boolean
  /** Of the line that was entered last: its echo comes into the transcript later. null: what is there is newer. */
  readonly enteredKey: string | null
  /** Path of the transcript that was saved last; null: none was. */
  readonly savedAs: string | null
}

/** Result of a request, or what the sessions told. */
export type ConsoleEvent =
  | {readonly type: 'sessions'; readonly sessions: readonly SessionView[]}
  /** Where the transcripts were written to. */
  | {readonly type: 'saved'; readonly path: string}
  /** Lines that were typed in earlier sessions, oldest first. */
  | {readonly type: 'history'; readonly lines: readonly string[]}

export type ConsoleRequest =
  /** A session to each node that is up. */
  | {readonly type: 'openAll'}
  | {readonly type: 'open'; readonly address: Address}
  | {readonly type: 'send'; readonly nodes: readonly string[]; readonly line: string}
  /** telnet's `close`. */
  | {readonly type: 'end'; readonly node: string}
  | {readonly type: 'checkKey'; readonly key: string}
  | {readonly type: 'replay'; readonly file: string; readonly target: string}
  | {readonly type: 'save'}
  /** Reads the lines that were typed in earlier sessions. */
  | {readonly type: 'readHistory'}

/** One node's session, with the transcripts of its earlier connections above. */
export interface SessionView {
  readonly node: string
  readonly address: string
  readonly state: SessionState
  readonly entries: readonly TranscriptEntry[]
  readonly dataBytesExpected: number | null
  /** Since when (ms since the epoch) it is tried to connect again, and how often; null: it is not lost. */
  readonly lost: {readonly sinceMs: number; readonly tries: number} | null
}

export const initialConsole: ConsoleState = {
  typing: false,
  target: null,
  editor: emptyLine,
  sessions: [],
  clearedMs: Number.NEGATIVE_INFINITY,
  scrolls: {},
  marked: null,
  times: false,
  full: false,
  enteredKey: null,
  savedAs: null,
}

export function targetSession({sessions, target}: ConsoleState): SessionView | undefined {
  return sessions.find(session => session.node === target) ?? sessions[0]
}

export function reduceConsole(console: ConsoleState, event: ConsoleEvent): ConsoleState {
  switch (event.type) {
    case 'sessions':
      return {...console, sessions: event.sessions}
    case 'saved':
      return {...console, savedAs: event.path}
    case 'history': {
      // Before the lines of this session.
      const history = [...event.lines.filter(isMemorable), ...console.editor.history]
      return {...console, editor: {...console.editor, history, at: history.length}}
    }
  }
}
