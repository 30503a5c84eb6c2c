import type {NodeContext} from '../node/node-context.js'
import type {WatcherSocket} from '../node/watchers.js'
import type {ReplyWriter} from '../replies/reply-writer.js'
import type {ReadGate} from './read-gate.js'

/** One client's exchange of commands and replies, in text or binary: bytes in, replies into the writer. Knows no sockets. */
export interface Conversation {
  /** Takes bytes[start, end); returns the position up to which it read: `end`, unless the gate was shut or it is ending. */
  push(bytes: Buffer, start: number, end: number): number
  /** Continues after it has shut the gate for `turn`; lifts that, unless it needs one more turn. */
  proceed(): void
  /** `receiving`: in the middle of a value. `watching`: gets the lines of `watch` and reads no commands. */
  readonly doing: 'reading' | 'receiving' | 'watching'
  /**
   * Not null when the conversation is over: it reads nothing more, and the connection
   * closes after its replies are sent. `error`: the client did not speak memcached's
   * protocol. The words are those of memcached's `watch connevents`.
   */
  readonly ending: 'normal' | 'error' | null
  /** The connection is gone: frees an item whose value never came. */
  abort(): void
}

export interface ConversationOptions {
  readonly context: NodeContext
  readonly replies: ReplyWriter
  /** The client's file descriptor, which names it in the log. */
  readonly id: number
  /** Where `watch` writes. */
  readonly socket: WatcherSocket
  readonly gate: ReadGate
}
