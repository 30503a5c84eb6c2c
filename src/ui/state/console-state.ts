import type {SessionState, TranscriptEntry} from '../../telnet/transcript.js'
import {emptyLine, type LineEditor} from './line-editor.js'
import type {Scroll} from './scroll.js'
import type {TranscriptLine} from './transcript-lines.js'

export interface ConsoleState {
  /** Keys go into the input line. */
  readonly typing: boolean
  /** Name of the node that gets the line; null = the first one. */
  readonly target: string | null
  readonly editor: LineEditor
  readonly sessions: readonly ConsoleView[]
  /** Per node: entries up to this moment (ms since the epoch) were cleared away. */
  readonly clearedMs: number
  /** Where each node's transcript is being read. */
  readonly scrolls: Readonly<Record<string, Scroll<TranscriptLine>>>
}

/** One node's session, with the transcripts of its earlier connections above. */
export interface ConsoleView {
  readonly node: string
  readonly address: string
  readonly state: SessionState
  readonly entries: readonly TranscriptEntry[]
  readonly dataBytesExpected: number | null
}

export const initialConsole: ConsoleState = {
  typing: false,
  target: null,
  editor: emptyLine,
  sessions: [],
  clearedMs: Number.NEGATIVE_INFINITY,
  scrolls: {},
}

export function targetSession({sessions, target}: ConsoleState): ConsoleView | undefined {
  return sessions.find(session => session.node === target) ?? sessions[0]
}
