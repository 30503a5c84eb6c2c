import type {Socket} from 'node:net'
import {LF} from '../../../protocol/text/ascii.js'
import {beginConversation, type Conversation} from '../conversation/conversation.js'
import {watchConnection} from '../items/watch-hooks.js'
import {
  type ClientPlace,
  type ConnectionEntry,
  type ConnectionState,
  clientPlace,
  noPlace,
  shownAddress,
} from '../node/connection-table.js'
import type {NodeContext} from '../node/node-context.js'
import {adoptSocket} from '../node/socket-adoption.js'
import type {WatcherSocket} from '../node/watchers.js'
import type {ReplyBuffer} from '../replies/reply-buffer.js'
import {type ReplyOwner, ReplyRange, type ReplyTurn} from '../replies/reply-turn.js'

/** Above this many unsent bytes a connection's commands wait until its client has read. */
const CONGESTED_BYTES = 1024 * 1024
/** A client that lets this many bytes pile up by one command is cut off. */
const BACKLOG_MAX_BYTES = 256 * 1024 * 1024
const SLICE_BYTES = 8 * 1024
const nothing = Buffer.alloc(0)

const connectionStates: Readonly<Record<Conversation['doing'], ConnectionState>> = {
  reading: 'conn_read',
  receiving: 'conn_nread',
  watching: 'conn_watch',
}

/** Why a connection ended, in memcached's words. */
type CloseReason = 'error' | 'normal' | 'idle_timeout' | 'shutdown'

/** One client's socket: feeds its conversation, sends its replies, and stops reading a client that does not read. */
export class ClientConnection implements ReplyOwner, WatcherSocket {
  readonly range = new ReplyRange()
  readonly #context: NodeContext
  readonly #turn: ReplyTurn
  readonly #socket: Socket
  readonly #id: number
  /** Begins with the first byte, which tells the protocol. */
  #conversation: Conversation | null = null
  /** Bytes that were read but not executed: the client does not read its replies, or the peer can't follow. */
  #rest: Buffer | null = null
  /** Waits until the peer can follow again, or the reader of the log. */
  #held = false
  /** Will go on after yielding, in a later turn of the event loop. */
  #proceeds = false
  #ended = false
  #closeReason: CloseReason = 'normal'
  #lastReadSeconds: number
  readonly #place: ClientPlace

  constructor(options: {
    context: NodeContext
    turn: ReplyTurn
    accepted: Socket
    readBuffer: Buffer
    id: number
    onClose: (connection: ClientConnection) => void
  }) {
    this.#context = options.context
    this.#turn = options.turn
    this.#id = options.id
    this.#lastReadSeconds = options.context.clock.nowSeconds
    // Asking the system costs a call for each connection: only where somebody can ask for it.
    this.#place = options.context.personality.watches
      ? clientPlace(options.accepted, options.context.settings)
      : noPlace
    if (options.context.watchers.active) this.#tellWatchers(null)
    this.#socket = adoptSocket(options.accepted, {
      buffer: options.readBuffer,
      onRead: (length, bytes) => this.#read(length, bytes),
    })
    this.#socket.on('drain', () => this.#drained())
    this.#socket.on('timeout', () => this.#neverRead())
    this.#socket.on('end', () => this.#end())
    // The close that follows an error is what counts.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.#conversation?.abort()
      if (this.#context.watchers.active) this.#tellWatchers(this.#conversation?.broken ? 'error' : this.#closeReason)
      this.#context.log.line(2, `<${this.#id} connection closed.`)
      options.onClose(this)
    })
  }

  send(buffer: ReplyBuffer, start: number, end: number): void {
    const socket = this.#socket
    if (!socket.writable) return
    this.#context.counters.bytesWritten += end - start
    socket.write(buffer.view(start, end))
    const unsent = socket.writableLength
    if (unsent === 0) return
    buffer.hold()
    // Called when the socket has taken what came before, or has been destroyed.
    socket.write(nothing, () => buffer.release())
    if (unsent > BACKLOG_MAX_BYTES) socket.destroy()
    else if (unsent > CONGESTED_BYTES && this.#conversation !== null) {
      this.#conversation.stop = true
      // Runs out only when the socket takes nothing at all for so long.
      socket.setTimeout(this.#context.settings.unreadTimeoutMs)
    }
  }

  get hasUnsentReplies(): boolean {
    return this.#turn.writer.length > this.range.start
  }

  get unsentBytes(): number {
    return this.#socket.writableLength
  }

  sendLog(text: string, onTaken: () => void): void {
    if (!this.#socket.writable) return
    this.#context.counters.bytesWritten += text.length
    this.#socket.write(text, 'latin1', onTaken)
  }

  /** For `stats conns`. */
  get entry(): ConnectionEntry {
    const {remote, listenAddress} = this.#place
    return {
      id: this.#id,
      address: remote === null ? listenAddress : shownAddress(remote),
      listenAddress,
      state: this.range.open ? 'conn_parse_cmd' : connectionStates[this.#conversation?.doing ?? 'reading'],
      lastCommandSeconds: this.#lastReadSeconds,
    }
  }

  /** Turns the client out when it has said nothing for so long, unless it is listening or somebody else keeps it waiting. */
  closeIfIdle(seconds: number): boolean {
    const isIdle = this.#context.clock.nowSeconds - this.#lastReadSeconds > seconds
    if (!isIdle || this.#waiting || (this.#conversation !== null && this.#conversation.doing !== 'reading'))
      return false
    this.#closeReason = 'idle_timeout'
    this.#close()
    return true
  }

  turnEnded(): void {
    const {closing = false, stop = false, yielding = false} = this.#conversation ?? {}
    if (closing || (this.#ended && this.#rest === null && !yielding)) this.#close()
    else if (stop || yielding) this.#socket.pause()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  /** Sends the replies so far and ends the connection. */
  finish(): void {
    this.#close()
  }

  #read(length: number, bytes: Buffer): boolean {
    this.#context.counters.bytesRead += length
    this.#lastReadSeconds = this.#context.clock.nowSeconds
    // A paused socket may still deliver what was on its way.
    if (this.#waiting || this.#rest !== null) {
      this.#rest = Buffer.concat([this.#rest ?? nothing, bytes.subarray(0, length)])
    } else {
      this.#execute(bytes, length)
    }
    this.#holdIfAsked()
    return !this.#waiting
  }

  get #waiting(): boolean {
    return this.#held || this.#conversation?.stop === true || this.#conversation?.yielding === true
  }

  #holdIfAsked(): void {
    if (this.#held) return
    const {toPeer, log} = this.#context
    const hold = toPeer.holding ? toPeer : log.hold
    if (!hold.holding) return
    this.#held = true
    hold.whenReleased(() => {
      this.#held = false
      this.#goOn()
    })
  }

  #execute(bytes: Buffer, length: number): void {
    const conversation = this.#conversation ?? this.#begin(bytes[0]!)
    const {toPeer, log, watchers} = this.#context
    watchers.client = this.#id
    this.#turn.begin(this)
    let at = 0
    // In slices, so that one read full of small writes can't fill the replication queue, or the log.
    for (let to = 0; at === to && to < length && !toPeer.full && !log.hold.holding; ) {
      to = sliceEnd(bytes, to + SLICE_BYTES, length)
      at = conversation.push(bytes, at, to)
    }
    this.#turn.end()
    const complete = at === length || conversation.closing
    this.#rest = complete ? null : Buffer.from(bytes.subarray(at, length))
    if (conversation.yielding) this.#proceedLater(conversation)
  }

  /** Lets other connections have their turn, then goes on; a client that does not read is not written to. */
  #proceedLater(conversation: Conversation): void {
    if (this.#proceeds) return
    this.#proceeds = true
    this.#context.counters.connYields++
    setImmediate(() => {
      this.#proceeds = false
      if (conversation.stop || this.#socket.destroyed) return
      this.#proceed(conversation)
    })
  }

  #proceed(conversation: Conversation): void {
    this.#turn.begin(this)
    conversation.proceed()
    this.#turn.end()
    if (conversation.yielding) this.#proceedLater(conversation)
    else this.#goOn()
  }

  #begin(firstByte: number): Conversation {
    const options = {context: this.#context, replies: this.#turn.writer, id: this.#id, socket: this}
    this.#conversation = beginConversation(options, firstByte)
    return this.#conversation
  }

  #tellWatchers(closedFor: CloseReason | null): void {
    watchConnection(this.#context, {id: this.#id, remote: this.#place.remote, closedFor})
  }

  #neverRead(): void {
    const {log, settings} = this.#context
    log.line(1, `<${this.#id} has read nothing for ${settings.unreadTimeoutMs / 1000} s: connection cut`)
    this.#socket.destroy()
  }

  #drained(): void {
    this.#socket.setTimeout(0)
    const conversation = this.#conversation
    const wasStopped = conversation?.stop === true
    if (conversation !== null) conversation.stop = false
    if (wasStopped && conversation.yielding) this.#proceedLater(conversation)
    else this.#goOn()
  }

  /** Executes what had to wait and reads on, unless it has to wait still. */
  #goOn(): void {
    if (this.#waiting || this.#socket.destroyed) return
    const rest = this.#rest
    if (rest !== null) {
      this.#rest = null
      this.#execute(rest, rest.length)
      this.#holdIfAsked()
    }
    if (!this.#waiting) this.#socket.resume()
  }

  #end(): void {
    this.#ended = true
    this.#turn.begin(this)
    this.#turn.end()
  }

  #close(): void {
    this.#socket.end(() => this.#socket.destroy())
  }
}

/** The end of a slice of about so many bytes: not within a line whose end is there, or it would look like one without. */
function sliceEnd(bytes: Buffer, about: number, length: number): number {
  if (about >= length) return length
  const lineEnd = bytes.subarray(0, length).indexOf(LF, about - 1)
  return lineEnd < 0 ? length : lineEnd + 1
}
