import type {ReplyKind} from '../protocol/text/reply-kind.js'
import type {ReplyHandler} from '../protocol/text/reply-parser.js'
import type {AskError} from './ask-error.js'
import type {AskLimitOptions} from './ask-limits.js'

/** Takes a reply while it arrives: bytes are valid during the call only. */
export type ReplyReader = Omit<ReplyHandler, 'onReply'>

/** The end of a reply. */
export interface Answer {
  readonly kind: ReplyKind
  /** The line that ended it, as latin1; '' after a data block. */
  readonly lastLine: string
  /** Length of the whole reply, with its line ends and data blocks. */
  readonly bytes: number
  /** Monotonic ms at which the request could leave, and at which the reply was complete. */
  readonly sentAtMs: number
  readonly atMs: number
}

/** Whole commands that have one reply together. */
export interface Question {
  /** With its line ends; a text is sent as latin1. */
  readonly request: string | Uint8Array
  /** What is asked for, in "Expected … from …". @default what the connection expects */
  readonly expected?: string | undefined
  readonly reader?: ReplyReader | undefined
  readonly limits?: AskLimitOptions | undefined
  /** Called once, without a turn of the event loop after the end of the reply. */
  readonly settle: (outcome: Answer | AskError) => void
}
