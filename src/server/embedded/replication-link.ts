import {lookup} from 'node:dns/promises'
import {connect, createServer, type Server, type Socket} from 'node:net'
import {flushAllFrame} from '../../protocol/replication-frame.js'
import {StreamSplitter} from '../../protocol/stream-splitter.js'
import type {ChangeLog} from './change-log.js'
import {ClientHold} from './client-hold.js'
import {FrameApplier} from './frame-applier.js'
import {FrameSender} from './frame-sender.js'
import type {NodeContext, ReplicationStats} from './node-context.js'
import type {NodeSettings} from './node-settings.js'
import {type QueuedKind, ReplicationQueue} from './replication-queue.js'
import {adoptSocket, onreadOption} from './socket-adoption.js'

const READ_BUFFER_BYTES = 64 * 1024

/**
 *     start ── -x ──> dialling ──connected──> joining ──marugoto_end──> paired (slave)
 *        │               │ refused              │ lost                    │ lost
 *        └── no -x ──────┴──────────────────────┴───────> listening <─────┘
 *                                                             │ accepted
 *                                                             └──> paired (master)
 *
 * orphaned: the replication port could not be bound; never tried again.
 */
type LinkState = 'idle' | 'dialling' | 'joining' | 'listening' | 'paired' | 'orphaned' | 'closed'

type ReplicationSettings = NonNullable<NodeSettings['replication']>

/**
 * One node's end of the replication link, with repcached's life cycle: it dials
 * once, at its start; whenever there is no link it listens; both ends send
 * their changes, and the end that accepted also sends the full copy.
 */
export class ReplicationLink implements ChangeLog {
  readonly #context: NodeContext
  readonly #settings: ReplicationSettings
  readonly #queue: ReplicationQueue
  readonly #hold: ClientHold
  #state: LinkState = 'idle'
  #role: 'master' | 'slave' | 'none' = 'none'
  #server: Server | null = null
  #socket: Socket | null = null
  #sender: FrameSender | null = null
  #fullSyncs = 0
  #overflows = 0
  /** Settles start(): the client port may be opened. */
  #onReady: () => void = () => {}
  #onDrained: (() => void) | null = null

  constructor(context: NodeContext, settings: ReplicationSettings) {
    this.#context = context
    this.#settings = settings
    this.#queue = new ReplicationQueue(settings.queueLimit)
    const link = this
    this.#hold = new ClientHold({
      limit: settings.queueLimit,
      get depth() {
        return link.#queue.depth
      },
      get sentBytes() {
        return link.#sender?.sentBytes ?? 0
      },
    })
  }

  stats(): ReplicationStats {
    return {
      queueFree: this.#queue.limit - this.#queue.peak,
      link: this.#state,
      role: this.#role,
      queueDepth: this.#queue.depth,
      queuePeak: this.#queue.peak,
      fullSyncs: this.#fullSyncs,
      overflows: this.#overflows,
    }
  }

  /**
   * Dials the peer, or listens. Resolves when the client port may be opened:
   * after the full copy, or as soon as the replication port is bound. Never
   * resolves for a node that got neither, as the real one stays shut then.
   * @throws the system's error when the peer's name or, without a peer, the port is unusable
   */
  async start(): Promise<void> {
    const {peerHost} = this.#settings
    if (peerHost === null) {
      await this.#listen()
      return
    }
    const {address} = await lookup(peerHost, {family: 4})
    const ready = new Promise<void>(resolve => {
      this.#onReady = resolve
    })
    this.#dial(address)
    await ready
  }

  get holding(): boolean {
    return this.#hold.active
  }

  whenReleased(listener: () => void): void {
    this.#hold.whenReleased(listener)
  }

  stored(bytes: Buffer, keyStart: number, keyEnd: number): void {
    this.#queueChange('stored', bytes, keyStart, keyEnd)
  }

  deleted(bytes: Buffer, keyStart: number, keyEnd: number): void {
    this.#queueChange('deleted', bytes, keyStart, keyEnd)
  }

  flushed(atSeconds: number | null): void {
    const frame = Buffer.from(flushAllFrame(atSeconds), 'latin1')
    this.#queueChange('frame', frame, 0, frame.length)
  }

  /** Sends what is queued, a running full copy included, then closes. */
  async drain(): Promise<void> {
    if (this.#state === 'paired' && this.#sender !== null && !this.#sender.idle) {
      await new Promise<void>(resolve => {
        this.#onDrained = resolve
        this.#checkDrained()
      })
    }
    this.#state = 'closed'
    this.#server?.close()
    this.#socket?.end()
    if (this.#socket !== null) this.#context.log.line(1, 'replication: cleanup complete')
  }

  #queueChange(kind: QueuedKind, bytes: Buffer, start: number, end: number): void {
    const sender = this.#sender
    if (sender === null) return
    if (this.#queue.push(kind, bytes, start, end)) {
      // A burst within one turn of the event loop must not fill the queue of a healthy link.
      if (this.#hold.pressing) sender.pump()
      else sender.schedule()
      this.#hold.grown()
      return
    }
    this.#overflows++
    this.#context.log.line(0, "replication: can't create Q_ITEM")
    this.#lose()
  }

  #dial(address: string): void {
    const {log} = this.#context
    const port = this.#settings.connectPort
    this.#state = 'dialling'
    log.line(1, `replication: connect (peer=${address}:${port})`)
    const reader = this.#createReader()
    const socket = connect({host: address, port, noDelay: true, ...onreadOption(reader)})
    this.#socket = socket
    this.#watch(socket)
    socket.once('connect', () => {
      log.line(1, 'replication: marugoto copying')
      this.#state = 'joining'
    })
  }

  /** Binds the replication port and waits for a peer. */
  async #listen(): Promise<void> {
    const server = createServer({pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true})
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject)
        server.listen(this.#settings.listenPort, this.#context.settings.host ?? '0.0.0.0', 1, resolve)
      })
    } catch (error) {
      this.#state = 'orphaned'
      this.#context.log.line(0, 'replication: failed to initialize replication server socket')
      throw error
    }
    if (this.#state === 'closed') {
      server.close()
      return
    }
    this.#server = server
    this.#state = 'listening'
    server.on('connection', accepted => this.#accept(accepted))
    this.#context.log.line(1, 'replication: listen')
    this.#onReady()
  }

  #accept(accepted: Socket): void {
    const {log, store} = this.#context
    if (this.#state !== 'listening') {
      accepted.resetAndDestroy()
      return
    }
    // While paired nobody listens: a third node is refused, as with the real one.
    this.#server?.close()
    this.#server = null
    log.line(1, 'replication: accept')
    this.#state = 'paired'
    this.#role = 'master'
    const socket = adoptSocket(accepted, this.#createReader())
    this.#socket = socket
    this.#watch(socket)
    const sender = this.#createSender(socket)
    if (store.items > 0) log.line(1, 'replication: marugoto start')
    sender.startCopy()
  }

  #createSender(socket: Socket): FrameSender {
    this.#sender = new FrameSender({
      store: this.#context.store,
      queue: this.#queue,
      socket,
      onCopied: keys => {
        this.#fullSyncs++
        if (keys === 0) return
        this.#context.log.line(1, `replication: marugoto ${keys}`)
        this.#context.log.line(1, 'replication: marugoto owari')
      },
      onSent: () => {
        this.#hold.shrunk()
        this.#checkDrained()
      },
    })
    return this.#sender
  }

  #createReader(): {buffer: Buffer; onRead: (length: number, bytes: Buffer) => boolean} {
    const applier = new FrameApplier(this.#context, () => this.#joined())
    const splitter = new StreamSplitter(applier)
    this.#abortReading = () => applier.abort()
    return {
      buffer: Buffer.allocUnsafeSlow(READ_BUFFER_BYTES),
      onRead: (length, bytes) => {
        splitter.push(bytes, 0, length)
        if (!applier.broken && !splitter.refused) return true
        this.#context.log.line(1, 'replication: the peer sent what is no frame')
        this.#lose()
        return false
      },
    }
  }

  #abortReading: () => void = () => {}

  #joined(): void {
    if (this.#state !== 'joining' || this.#socket === null) return
    this.#context.log.line(1, 'replication: start')
    this.#state = 'paired'
    this.#role = 'slave'
    this.#fullSyncs++
    this.#createSender(this.#socket)
    this.#onReady()
  }

  #watch(socket: Socket): void {
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.syscall === 'write') {
        this.#context.log.line(0, `replication: send error ${Math.abs(error.errno ?? 0)}`)
      }
    })
    socket.on('end', () => this.#lose(socket))
    socket.on('close', () => this.#lose(socket))
  }

  /** The link ended, for whatever reason: forgets what was queued and listens. */
  #lose(socket: Socket | null = this.#socket): void {
    if (socket === null || socket !== this.#socket) return
    const {log} = this.#context
    // The real one says so for a refused dial, too.
    if (this.#state === 'dialling') log.line(1, 'replication: marugoto copying')
    this.#socket = null
    this.#sender = null
    this.#queue.clear()
    this.#hold.end()
    this.#abortReading()
    socket.destroy()
    this.#role = 'none'
    this.#onDrained?.()
    if (this.#state === 'closed') return
    this.#state = 'idle'
    log.line(1, 'replication: close')
    // A port that can't be bound is said in the log; the node lives on without a link.
    this.#listen().catch(() => {})
  }

  #checkDrained(): void {
    if (this.#onDrained !== null && (this.#sender === null || this.#sender.idle)) this.#onDrained()
  }
}
