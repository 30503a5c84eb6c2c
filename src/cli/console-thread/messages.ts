import type {Address} from '../../protocol/address.js'
import type {SessionState, TranscriptEntry} from '../../telnet/transcript.js'

/** What the UI's thread tells the thread of the console sessions. */
export type ToConsoleThread =
  | {readonly type: 'open'; readonly session: number; readonly address: Address}
  | {readonly type: 'send'; readonly session: number; readonly line: string}
  | {readonly type: 'close'; readonly session: number}

/** And what it tells back, after changes. */
export interface FromConsoleThread {
  readonly session: number
  readonly view: SessionView
}

/** A session at one moment. */
export interface SessionView {
  readonly state: SessionState
  readonly entries: readonly TranscriptEntry[]
  readonly dataBytesExpected: number | null
}
