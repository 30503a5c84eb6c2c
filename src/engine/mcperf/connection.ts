import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type ReplyHandler, ReplyParser} from '../../protocol/text/reply-parser.js'
import {ClientSocket, type SocketTarget} from '../generator/client-socket.js'
import {NumberRing} from '../generator/number-ring.js'
import type {Listed} from '../generator/ready-list.js'
import {type ErrorClass, errorClassOf} from './counters.js'
import {Moments} from './moments.js'

/** The loop that owns a connection, as told of its events. */
export interface McperfConnectionOwner {
  opened(connection: McperfConnection): void
  /** Bytes came in; called before the replies in them. */
  received(): void
  replied(connection: McperfConnection, kind: ReplyKind, values: number): void
  /** The bytes received end within a reply. */
  replyBegun(connection: McperfConnection): void
  /** The socket has accepted all of a write that it could not take at once. */
  flushed(connection: McperfConnection): void
  /** Once, at its end. @param failure null when its calls are complete or the run is stopped */
  ended(connection: McperfConnection, failure: ConnectionFailure | null, before: McperfConnection['state']): void
}

export interface ConnectionFailure {
  readonly errorClass: ErrorClass
  /** Such as `connect ECONNREFUSED 127.0.0.1:11211`. */
  readonly text: string
}

/** One connection of an mcperf run: its socket and its calls. */
export class McperfConnection implements ReplyHandler, Listed {
  /** Place in the loop's list. */
  readonly slot: number
  /** When each call in flight was first written, oldest first. */
  readonly pending = new NumberRing()
  /** Key and size of each call that is created but not yet written. */
  readonly unsentKeys = new NumberRing()
  readonly unsentSizes = new NumberRing()
  /** Sizes of the requests in the write that the socket has not accepted whole yet. */
  readonly flushing = new Moments()
  readonly parser: ReplyParser
  readonly #owner: McperfConnectionOwner
  #socket: ClientSocket | undefined

  state: 'new' | 'connecting' | 'open' | 'ended' = 'new'
  created = 0
  completed = 0
  /** When the next call is due, with a call rate. */
  dueMs = 0
  /** In the loop's list of connections that are ready; only the list writes it. */
  queued = false
  /** In the loop's queue of connections with a call due. */
  scheduled = false
  openedMs = 0
  /** When the first byte of an incomplete reply came; 0 when none has. */
  firstByteMs = 0
  /** Since when the socket accepts no more bytes; 0 when it does. */
  blockedMs = 0

  constructor({slot, owner}: {slot: number; owner: McperfConnectionOwner}) {
    this.slot = slot
    this.#owner = owner
    this.parser = new ReplyParser(this)
  }

  /** @param readBuffer may be shared by all connections: it is read before the callback returns */
  open(options: {target: SocketTarget; noDelay: boolean; readBuffer: Buffer; nowMs: number}): void {
    const {target, noDelay, readBuffer, nowMs} = options
    this.state = 'connecting'
    this.openedMs = nowMs
    const closedByServer = () => this.fail({errorClass: 'other', text: 'closed by the server'})
    this.#socket = new ClientSocket(
      {target, noDelay, readBuffer},
      {
        onConnect: () => {
          this.state = 'open'
          this.#owner.opened(this)
        },
        onRead: (byteCount, bytes) => this.#read(byteCount, bytes),
        onFlushed: () => {
          this.blockedMs = 0
          this.#owner.flushed(this)
        },
        onError: error => this.fail({errorClass: errorClassOf(error.code ?? ''), text: error.message}),
        onEnd: closedByServer,
        onClose: closedByServer,
      },
    )
  }

  /**
   * Hands bytes to the socket, which must not be blocked.
   * @returns whether it accepted them all; if not, they must not be changed until flushed()
   */
  write(bytes: Buffer, nowMs: number): boolean {
    return this.#settle(this.#socket!.write(bytes), nowMs)
  }

  /** The same for bytes in pieces, which must never change. */
  writePieces(pieces: Iterable<Buffer>, nowMs: number): boolean {
    return this.#settle(this.#socket!.writePieces(pieces), nowMs)
  }

  /** Closes it from our side. @param resets with RST, so that the port is free at once */
  close({resets}: {resets: boolean}): void {
    this.#end(null, resets)
  }

  fail(failure: ConnectionFailure): void {
    this.#end(failure, false)
  }

  onReply(kind: ReplyKind, values: number): void {
    if (this.state === 'open') this.#owner.replied(this, kind, values)
  }

  #settle(taken: boolean, nowMs: number): boolean {
    if (!taken) this.blockedMs = nowMs
    return taken
  }

  #read(byteCount: number, bytes: Uint8Array): void {
    this.#owner.received()
    this.parser.push(bytes, byteCount)
    if (this.parser.midReply) this.#owner.replyBegun(this)
  }

  #end(failure: ConnectionFailure | null, resets: boolean): void {
    if (this.state === 'ended') return
    const before = this.state
    this.state = 'ended'
    if (resets && before === 'open') this.#socket?.reset()
    else this.#socket?.destroy()
    this.#owner.ended(this, failure, before)
  }
}
