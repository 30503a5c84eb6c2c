import type {Socket} from 'node:net'
import {LF} from '../../../protocol/text/ascii.js'
import type {Conversation} from '../conversation/conversation.js'
import {ReadGate} from '../conversation/read-gate.js'
import {watchConnection} from '../items/watch-hooks.js'
import {
  type ClientPlace,
  type ConnectionEntry,
  type ConnectionState,
  clientPlace,
  noPlace,
  shownAddress,
} from '../node/connection-table.js'
import type {Hold} from '../node/hold.js'
import type {NodeContext} from '../node/node-context.js'
import {adoptSocket} from '../node/socket-adoption.js'
import type {WatcherSocket} from '../node/watchers.js'
import type {ReplyBuffer} from '../replies/reply-buffer.js'
import {type ReplyOwner, ReplyRange, type ReplyTurn} from '../replies/reply-turn.js'
import {beginConversation} from './begin-conversation.js'

/** Above this many unsent bytes a client's commands wait until it has read its replies. */
const CONGESTED_BYTES = 1024 * 1024
/** A client with this many unsent bytes is cut off. */
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

/**
 * One client's socket: feeds its conversation while the gate is open, and sends its
 * replies at the end of the turn of the event loop.
 */
export class ClientConnection implements ReplyOwner, WatcherSocket {
  readonly range = new ReplyRange()
  readonly #context: NodeContext
  readonly #turn: ReplyTurn
  readonly #socket: Socket
  readonly #id: number
  /** Null before the first byte, which tells the protocol. */
  #conversation: Conversation | null = null
  /** Decides whether the client is read; see ReadGate for the reasons that shut it. */
  readonly #gate = new ReadGate()
  /** Bytes that came while the gate was shut. */
  #rest: Buffer | null = null
  /** Scheduled while the conversation has shut the gate for `turn`. */
  #nextTurn: NodeJS.Immediate | null = null
  /** The client will send nothing more. */
  #clientEnded = false
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
    // A system call per connection: only where a command can show the result.
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
    // The close event that follows an error is handled.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.#conversation?.abort()
      if (this.#context.watchers.active) this.#tellWatchers(this.#conversation?.ending ?? this.#closeReason)
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
    // Called when the socket has taken all bytes before it, or was destroyed.
    socket.write(nothing, () => buffer.release())
    if (unsent > BACKLOG_MAX_BYTES) socket.destroy()
    else if (unsent > CONGESTED_BYTES) {
      this.#gate.shut('unread')
      // Expires only when the socket takes nothing at all for so long.
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

  /** Closes the connection when its client has sent nothing for so long, unless it watches or the node makes it wait. */
  closeIfIdle(seconds: number): boolean {
    const isIdle = this.#context.clock.nowSeconds - this.#lastReadSeconds > seconds
    if (!isIdle || !this.#gate.isOpen || (this.#conversation?.doing ?? 'reading') !== 'reading') return false
    this.#closeReason = 'idle_timeout'
    this.#close()
    return true
  }

  turnEnded(): void {
    const isOver = this.#clientEnded && this.#rest === null && !this.#gate.isShutFor('turn')
    if (isOver || (this.#conversation?.ending ?? null) !== null) this.#close()
    else if (!this.#gate.isOpen) this.#socket.pause()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #read(length: number, bytes: Buffer): boolean {
    this.#context.counters.bytesRead += length
    this.#lastReadSeconds = this.#context.clock.nowSeconds
    // A paused socket may still deliver what was on its way.
    if (!this.#gate.isOpen || this.#rest !== null) {
      this.#rest = Buffer.concat([this.#rest ?? nothing, bytes.subarray(0, length)])
    } else {
      this.#execute(bytes, length)
    }
    this.#waitForOthers()
    return this.#gate.isOpen
  }

  /** Shuts the gate while the peer, or the reader of the log, does not keep up. */
  #waitForOthers(): void {
    const {toPeer, log} = this.#context
    this.#waitFor('peer', toPeer)
    this.#waitFor('log', log.hold)
  }

  #waitFor(reason: 'peer' | 'log', hold: Hold): void {
    if (!hold.holding || this.#gate.isShutFor(reason)) return
    this.#gate.shut(reason)
    hold.whenReleased(() => {
      this.#gate.lift(reason)
      this.#goOn()
    })
  }

  #execute(bytes: Buffer, length: number): void {
    const conversation = this.#conversation ?? this.#begin(bytes[0]!)
    const {toPeer, log, watchers} = this.#context
    watchers.client = this.#id
    this.#turn.begin(this)
    let at = 0
    // In slices, so that one read full of small writes cannot fill the replication queue, or the log.
    for (let to = 0; at === to && to < length && !toPeer.full && !log.hold.holding; ) {
      to = sliceEnd(bytes, to + SLICE_BYTES, length)
      at = conversation.push(bytes, at, to)
    }
    this.#turn.end()
    const complete = at === length || conversation.ending !== null
    this.#rest = complete ? null : Buffer.from(bytes.subarray(at, length))
    if (this.#gate.isShutFor('turn')) this.#proceedLater(conversation)
  }

  /** Gives other connections their turn, then continues; while replies are unread, drain does that instead. */
  #proceedLater(conversation: Conversation): void {
    if (this.#nextTurn !== null) return
    this.#context.counters.connYields++
    this.#nextTurn = setImmediate(() => {
      this.#nextTurn = null
      if (this.#gate.isShutFor('unread') || this.#socket.destroyed) return
      this.#proceed(conversation)
    })
  }

  #proceed(conversation: Conversation): void {
    this.#turn.begin(this)
    conversation.proceed()
    this.#turn.end()
    if (this.#gate.isShutFor('turn')) this.#proceedLater(conversation)
    else this.#goOn()
  }

  #begin(firstByte: number): Conversation {
    const options = {
      context: this.#context,
      replies: this.#turn.writer,
      id: this.#id,
      socket: this,
      gate: this.#gate,
    }
    this.#conversation = beginConversation(options, firstByte)
    return this.#conversation
  }

  #tellWatchers(closedFor: CloseReason | null): void {
    watchConnection(this.#context, {id: this.#id, remote: this.#place.remote, closedFor})
  }

  #neverRead(): void {
    const {log, settings} = this.#context
    log.line(1, `<${this.#id} has read nothing for ${settings.unreadTimeoutMs / 1000} s: connection closed`)
    this.#socket.destroy()
  }

  #drained(): void {
    this.#socket.setTimeout(0)
    const wasUnread = this.#gate.isShutFor('unread')
    this.#gate.lift('unread')
    const conversation = this.#conversation
    if (wasUnread && conversation !== null && this.#gate.isShutFor('turn')) this.#proceedLater(conversation)
    else this.#goOn()
  }

  /** Runs the commands that had to wait and reads on, as far as the gate is open. */
  #goOn(): void {
    if (!this.#gate.isOpen || this.#socket.destroyed) return
    const rest = this.#rest
    if (rest !== null) {
      this.#rest = null
      this.#execute(rest, rest.length)
      this.#waitForOthers()
    }
    if (this.#gate.isOpen) this.#socket.resume()
  }

  #end(): void {
    this.#clientEnded = true
    this.#turn.begin(this)
    this.#turn.end()
  }

  #close(): void {
    this.#socket.end(() => this.#socket.destroy())
  }
}

/** End of a slice of about so many bytes. Extended to the next line end: a cut line would count as one without an end. */
function sliceEnd(bytes: Buffer, about: number, length: number): number {
  if (about >= length) return length
  const lineEnd = bytes.subarray(0, length).indexOf(LF, about - 1)
  return lineEnd < 0 ? length : lineEnd + 1
}
