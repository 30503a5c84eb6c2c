import type {NodeContext} from '../node/node-context.js'
import type {WatcherSocket} from '../node/watchers.js'
import type {ReplyWriter} from '../replies/reply-writer.js'
import type {ReadGate} from './read-gate.js'

/** What a connection feeds with its client's bytes, whatever the protocol. Knows no sockets. */
export interface Conversation {
  /** Takes bytes[start, end); returns the position up to which it read: `end`, unless the gate was shut or it is ending. */
  push(bytes: Buffer, start: number, end: number): number
  /** Goes on after it has shut the gate for its `turn`: lifts that, or leaves it for one more turn. */
  proceed(): void
  /** What it is doing, as far as others must know. */
  readonly doing: 'reading' | 'receiving' | 'watching'
  /**
   * Not null: reads nothing more, and is to be closed once its replies are sent.
   * `error`: what the client sent was no memcached protocol. Both are memcached's words.
   */
  readonly ending: 'normal' | 'error' | null
  /** The connection is gone: frees an item whose value never came. */
  abort(): void
}

export interface ConversationOptions {
  readonly context: NodeContext
  readonly replies: ReplyWriter
  /** What the log calls the client by: its file descriptor. */
  readonly id: number
  /** Where `watch` writes. */
  readonly socket: WatcherSocket
  readonly gate: ReadGate
}
