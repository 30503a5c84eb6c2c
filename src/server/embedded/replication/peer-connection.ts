import {connect, isIPv4, type Socket} from 'node:net'
import {isLoopback} from '../../../protocol/address.js'
import {PEER_HELLO_FRAME} from '../../../protocol/replication/replication-frame.js'
import {StreamSplitter} from '../../../protocol/text/stream-splitter.js'
import type {ContextWithoutPeer} from '../node/node-context.js'
import {adoptSocket, descriptorOf, onreadOption} from '../node/socket-adoption.js'
import {FrameApplier, type FrameEvents} from './frame-applier.js'
import {FrameSender} from './frame-sender.js'
import type {MissedDeletes} from './missed-deletes.js'
import type {Admitted} from './peer-admission.js'
import type {ReplicationQueue} from './replication-queue.js'

const READ_BUFFER_BYTES = 64 * 1024
/** In resilient mode a connection attempt or a join is given up when nothing comes for so long. */
const SILENT_MS = 5000

/** Address of a peer to connect to. */
export interface PeerPlace {
  readonly host: string
  readonly port: number
  /** The address to connect from. */
  readonly localAddress?: string
}

/**
 * The address to connect from, if not left to the system: on loopback the system
 * would choose 127.0.0.1 for every node of this machine.
 */
export function sourceOf(own: string | null, peer: string): Pick<PeerPlace, 'localAddress'> {
  return own !== null && isIPv4(own) && isLoopback(own) && isLoopback(peer) ? {localAddress: own} : {}
}

/** What happens on the connection to the peer. */
interface PeerEvents extends FrameEvents {
  /** Our connection was accepted. */
  onConnected(): void
  /** Our full sync is sent. */
  onCopied(keys: number): void
  /** A round of sending is over. */
  onSent(): void
  /** The connection ended. Called once. */
  onLost(): void
}

/** One TCP connection to the peer, in both directions: applies its frames, sends ours. */
export class PeerConnection {
  readonly applier: FrameApplier
  readonly sender: FrameSender
  readonly #context: ContextWithoutPeer
  readonly #events: PeerEvents
  readonly #splitter: StreamSplitter
  readonly #socket: Socket
  #receivedBytes = 0
  /** Bytes received before this object read the socket. */
  #receivedBefore: Buffer | null
  /** File descriptor, for the log; 0 until an outgoing socket is connected. */
  #id = 0
  #over = false
  #silenceTimer: NodeJS.Timeout | undefined

  /** @param options `from`: the admitted connection, or the address to connect to */
  constructor(options: {
    context: ContextWithoutPeer
    queue: ReplicationQueue
    missedDeletes: MissedDeletes
    from: Admitted | PeerPlace
    events: PeerEvents
  }) {
    const {context, queue, from, events} = options
    this.#context = context
    this.#events = events
    this.applier = new FrameApplier({
      context,
      missedDeletes: options.missedDeletes,
      events,
      linkId: () => this.#id,
    })
    this.#splitter = new StreamSplitter(this.applier)
    const reader = {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      onRead: (length: number, bytes: Buffer) => this.#read(length, bytes),
    }
    this.#receivedBefore = 'socket' in from ? from.received : null
    this.#socket =
      'socket' in from ? adoptSocket(from.socket, reader) : connect({...from, noDelay: true, ...onreadOption(reader)})
    this.#id = descriptorOf(this.#socket) ?? 0
    this.#socket.once('connect', () => {
      this.#id = descriptorOf(this.#socket) ?? 0
      events.onConnected()
    })
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall === 'write') context.log.line(0, `replication: send error ${Math.abs(error.errno ?? 0)}`)
    })
    this.#socket.on('end', () => this.cut())
    this.#socket.on('close', () => this.cut())
    this.sender = new FrameSender({
      store: context.store,
      queue,
      log: context.log,
      socket: this.#socket,
      onCopied: keys => events.onCopied(keys),
      onSent: () => events.onSent(),
      onUnsendable: () => this.#countUnsendable(),
    })
  }

  /** The connection's name in the log. */
  get id(): number {
    return this.#id
  }

  /** Turns on TCP keep-alive: a peer that vanished is noticed within about 15 s. */
  keepAlive(): void {
    this.#socket.setKeepAlive(true, 5000)
  }

  /** From now on cuts the connection when nothing has come for {@link SILENT_MS}. */
  cutWhenSilent(): void {
    let receivedBytes = 0
    this.#silenceTimer = setInterval(() => {
      if (this.#receivedBytes === receivedBytes) this.cut()
      receivedBytes = this.#receivedBytes
    }, SILENT_MS)
  }

  /** Ends {@link cutWhenSilent}: a peer without changes sends nothing. */
  allowSilence(): void {
    clearInterval(this.#silenceTimer)
  }

  /** Sends the hello by which the other node knows us as a peer. */
  sendHello(): void {
    this.#socket.write(PEER_HELLO_FRAME)
  }

  /** Applies what the peer had sent before it was admitted. Call once the link is set up. */
  applyReceived(): void {
    const bytes = this.#receivedBefore
    this.#receivedBefore = null
    if (bytes !== null && bytes.length > 0) this.#read(bytes.length, bytes)
  }

  /** Closes the connection after everything written is sent. */
  finish(): void {
    this.#over = true
    this.allowSilence()
    this.#socket.end()
  }

  /** Cuts the connection. */
  cut(): void {
    if (this.#over) return
    this.#over = true
    this.allowSilence()
    this.applier.abort()
    this.#socket.destroy()
    this.#events.onLost()
  }

  #countUnsendable(): void {
    const {counters, log} = this.#context
    if (counters.unreplicatedChanges++ > 0) return
    log.line(0, "replication: can't send a key with a space, line feed or NUL")
  }

  #read(length: number, bytes: Buffer): boolean {
    this.#receivedBytes += length
    this.#splitter.push(bytes, 0, length)
    if (!this.applier.broken && !this.#splitter.refused) return true
    this.#context.log.line(1, 'replication: the peer sent an invalid frame')
    this.cut()
    return false
  }
}
