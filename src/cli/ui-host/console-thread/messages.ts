import type {Address} from '../../../protocol/address.js'
import type {SessionState, TranscriptEntry} from '../../../telnet/transcript/transcript.js'

/** What the UI's thread tells the thread of the console sessions. */
export type ToConsoleThread =
  | ({readonly type: 'open'; readonly session: number} & SessionTarget)
  | {readonly type: 'send'; readonly session: number; readonly line: string}
  | {readonly type: 'end' | 'close'; readonly session: number}
  /** The last view of it has been taken. */
  | {readonly type: 'seen'; readonly session: number}
  | {readonly type: 'ask'; readonly id: number; readonly question: Question}

export interface SessionTarget {
  readonly name: string
  readonly address: Address
  /** The same for sessions to nodes that replicate to each other; null for a node without a peer. */
  readonly group: string | null
  /** Memory of the OwnTraffic that counts our own reads at that address. */
  readonly traffic: SharedArrayBuffer
}

/** What is asked of several sessions at once. */
export type Question =
  | {readonly type: 'checkKey'; readonly key: string; readonly sessions: readonly number[]}
  /** The first session gets the lines that name no node; a node that no session is named after, the next one. */
  | {readonly type: 'replay'; readonly file: string; readonly sessions: readonly number[]}

/** What the thread of the console sessions tells the UI's thread: a session after changes, or an answer. */
export type FromConsoleThread =
  | {readonly type: 'view'; readonly session: number; readonly view: SessionView}
  | {readonly type: 'answer'; readonly id: number; readonly answer: Answer}

/** One line for people; `good` says whether all is as it should be. */
export type Answer = {readonly text: string; readonly good: boolean} | {readonly error: string}

/** A session at one moment. */
export interface SessionView {
  readonly state: SessionState
  readonly entries: readonly TranscriptEntry[]
  readonly dataBytesExpected: number | null
}
