import {REQUEST_MAGIC} from '../../../protocol/binary/binary-frame.js'
import {StreamSplitter} from '../../../protocol/text/stream-splitter.js'
import {BinarySession} from '../binary/binary-conversation.js'
import type {NodeContext} from '../node/node-context.js'
import type {WatcherSocket} from '../node/watchers.js'
import type {ReplyWriter} from '../replies/reply-writer.js'
import {ClientSession} from '../text/text-conversation.js'

/** What a connection feeds with its client's bytes, whatever the protocol. */
export interface Conversation {
  /** Takes bytes[start, end); returns the position up to which it read: `end`, unless `stop` was set or it is closing. */
  push(bytes: Buffer, start: number, end: number): number
  /** Makes push() return after the current command. */
  stop: boolean
  /** It reads no more before proceed(), which others should have a turn before. */
  readonly yielding: boolean
  /** Goes on after yielding, perhaps to yield again. */
  proceed(): void
  /** What it is doing, as far as that changes what may be done with it. */
  readonly doing: 'reading' | 'receiving' | 'watching'
  /** Nothing more is read: to be closed once its replies are sent. */
  readonly closing: boolean
  /** It ends because of what the client sent. */
  readonly broken: boolean
  /** The connection is gone: frees an item whose value never came. */
  abort(): void
}

interface ConversationOptions {
  readonly context: NodeContext
  readonly replies: ReplyWriter
  readonly id: number
  readonly socket: WatcherSocket
}

/** Begins the conversation whose first byte has come: a binary request is told by its magic. */
export function beginConversation(options: ConversationOptions, firstByte: number): Conversation {
  const {settings, log} = options.context
  const {bindingProtocol} = settings
  const protocol = bindingProtocol !== 'auto' ? bindingProtocol : firstByte === REQUEST_MAGIC ? 'binary' : 'ascii'
  if (bindingProtocol === 'auto') log.line(2, `${options.id}: Client using the ${protocol} protocol`)
  return protocol === 'binary' ? new BinarySession(options) : new TextConversation(options)
}

class TextConversation implements Conversation {
  readonly #session: ClientSession
  readonly #splitter: StreamSplitter
  #stop = false

  constructor(options: ConversationOptions) {
    this.#session = new ClientSession({
      ...options,
      onYield: () => {
        this.#splitter.stop = true
      },
    })
    this.#splitter = new StreamSplitter(this.#session)
  }

  push(bytes: Buffer, start: number, end: number): number {
    this.#session.begin()
    return this.#splitter.push(bytes, start, end)
  }

  get stop(): boolean {
    return this.#stop
  }

  set stop(stop: boolean) {
    this.#stop = stop
    this.#splitter.stop = stop || this.#session.yielding
  }

  get yielding(): boolean {
    return this.#session.yielding
  }

  proceed(): void {
    this.#session.proceed()
    this.#splitter.stop = this.#stop || this.#session.yielding
  }

  get doing(): Conversation['doing'] {
    if (this.#session.watching) return 'watching'
    return this.#splitter.receiving ? 'receiving' : 'reading'
  }

  get broken(): boolean {
    return this.#session.broken || this.#splitter.refused
  }

  get closing(): boolean {
    return this.#session.closing || this.#splitter.refused
  }

  abort(): void {
    this.#session.abort()
  }
}
