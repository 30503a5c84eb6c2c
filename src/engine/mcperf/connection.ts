import net from 'node:net'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type ReplyHandler, ReplyParser} from '../../protocol/text/reply-parser.js'
import {NumberQueue} from '../generator/number-ring.js'
import {type ErrorClass, errorClassOf} from './counters.js'
import {Moments} from './moments.js'
import type {McperfTarget} from './plan.js'

/** What a connection tells the loop that owns it. */
export interface McperfConnectionOwner {
  opened(connection: McperfConnection): void
  /** Bytes came in; called before the replies in them. */
  received(): void
  replied(connection: McperfConnection, kind: ReplyKind, values: number): void
  /** The bytes that came in end within a reply. */
  replyBegun(connection: McperfConnection): void
  /** The socket took all of a write that it could not take at once. */
  flushed(connection: McperfConnection): void
  /** Once, at its end. @param failure null when its calls are complete or the run is stopped */
  ended(connection: McperfConnection, failure: ConnectionFailure | null, before: McperfConnection['state']): void
}

export interface ConnectionFailure {
  readonly errorClass: ErrorClass
  /** Such as `connect ECONNREFUSED 127.0.0.1:11211`. */
  readonly text: string
}

/** Larger than any write, so that a write never asks for a drain event: these cost time at every write. */
const WRITE_BUFFER_BYTES = 64 * 1024 * 1024
const nothing = Buffer.alloc(0)

/** One connection of an mcperf run: its socket and its calls. */
export class McperfConnection implements ReplyHandler {
  /** Place in the loop's list. */
  readonly slot: number
  /** When each call under way was first written, oldest first. */
  readonly pending = new NumberQueue()
  /** Key and size of each call that is created but not yet written. */
  readonly unsentKeys = new NumberQueue()
  readonly unsentSizes = new NumberQueue()
  /** Bytes of the requests in the write that the socket has not taken whole yet. */
  readonly flushing = new Moments()
  readonly parser: ReplyParser
  readonly #owner: McperfConnectionOwner
  #socket: net.Socket | undefined

  state: 'new' | 'connecting' | 'open' | 'ended' = 'new'
  created = 0
  completed = 0
  /** When the next call is due, with a call rate. */
  dueMs = 0
  /** Whether it stands in the loop's queue of due connections. */
  queued = false
  openedMs = 0
  /** When the first byte of an incomplete reply came; 0 when none has. */
  firstByteMs = 0
  /** Since when the socket takes no more bytes; 0 when it does. */
  blockedMs = 0

  constructor({slot, owner}: {slot: number; owner: McperfConnectionOwner}) {
    this.slot = slot
    this.#owner = owner
    this.parser = new ReplyParser(this)
  }

  /** @param readBuffer may be shared by all connections: it is read before the callback returns */
  open(options: {target: McperfTarget; noDelay: boolean; readBuffer: Buffer; nowMs: number}): void {
    const {target, noDelay, readBuffer, nowMs} = options
    this.state = 'connecting'
    this.openedMs = nowMs
    // A variable, because the types of connect() leave out highWaterMark, which it hands on to the stream.
    const socketOptions = {
      ...target,
      noDelay: noDelay && !('path' in target),
      autoSelectFamily: false,
      highWaterMark: WRITE_BUFFER_BYTES,
      onread: {
        buffer: readBuffer,
        callback: (byteCount: number, bytes: Uint8Array) => this.#read(byteCount, bytes),
      },
    }
    const socket = net.connect(socketOptions)
    this.#socket = socket
    socket.on('connect', () => {
      if (this.state !== 'connecting') return
      this.state = 'open'
      this.#owner.opened(this)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.fail({errorClass: errorClassOf(error.code ?? ''), text: error.message})
    })
    const closedByServer = () => this.fail({errorClass: 'other', text: 'closed by the server'})
    socket.on('end', closedByServer)
    socket.on('close', closedByServer)
  }

  /**
   * Hands bytes to the socket, which must not be blocked.
   * @returns whether it took them all; if not, they must not be changed and flushed() follows
   */
  write(bytes: Buffer, nowMs: number): boolean {
    this.#socket!.write(bytes)
    return this.#settle(nowMs)
  }

  /** The same for bytes in pieces, which are never changed. */
  writePieces(pieces: Iterable<Buffer>, nowMs: number): boolean {
    const socket = this.#socket!
    socket.cork()
    for (const piece of pieces) socket.write(piece)
    socket.uncork()
    return this.#settle(nowMs)
  }

  /** Ends it from our side. @param resets with RST, so that the port is free at once */
  close({resets}: {resets: boolean}): void {
    this.#end(null, resets)
  }

  fail(failure: ConnectionFailure): void {
    this.#end(failure, false)
  }

  onReply(kind: ReplyKind, values: number): void {
    if (this.state === 'open') this.#owner.replied(this, kind, values)
  }

  #settle(nowMs: number): boolean {
    const socket = this.#socket!
    if (socket.writableLength === 0) return true
    this.blockedMs = nowMs
    socket.write(nothing, () => {
      if (this.state !== 'open') return
      this.blockedMs = 0
      this.#owner.flushed(this)
    })
    return false
  }

  #read(byteCount: number, bytes: Uint8Array): boolean {
    if (this.state !== 'open') return true
    this.#owner.received()
    this.parser.push(bytes, byteCount)
    if (this.parser.midReply) this.#owner.replyBegun(this)
    return true
  }

  #end(failure: ConnectionFailure | null, resets: boolean): void {
    if (this.state === 'ended') return
    const before = this.state
    this.state = 'ended'
    if (resets && before === 'open') this.#socket?.resetAndDestroy()
    else this.#socket?.destroy()
    this.#owner.ended(this, failure, before)
  }
}
