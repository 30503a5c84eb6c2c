import {lookup} from 'node:dns/promises'
import {flushAllFrame, RESILIENT_HELLO_FRAME} from '../../../protocol/replication/replication-frame.js'
import type {ContextWithoutPeer} from '../node/node-context.js'
import type {ReplicationSettings} from '../node/node-settings.js'
import type {ReplicationStats} from '../node/replication.js'
import {LinkFigures} from './link-figures.js'
import type {Admitted} from './peer-admission.js'
import {PeerConnection, type PeerPlace, sourceOf} from './peer-connection.js'
import {QueuedChanges} from './queued-changes.js'
import {Redial} from './redial.js'
import {ReplicationPort} from './replication-port.js'

/** Join marks go from 1 to this, then start again at 1. */
const MARKS = 255

/**
 *     start ── -x ──> dialling ──connected──> joining ──marugoto_end──> paired (slave)
 *        │               │ refused              │ lost                    │ lost
 *        └── no -x ──────┴──────────────────────┴───────> listening <─────┘
 *                                                             │ accepted
 *                                                             └──> paired (master)
 *
 * orphaned: the replication port could not be bound; never tried again. With
 * --resilient a listening node also connects, and one that cannot bind tries again;
 * it joins only when the peer has sent a frame, and listens until then.
 */
type LinkState = 'idle' | 'dialling' | 'joining' | 'listening' | 'paired' | 'orphaned' | 'closed'

/**
 * One node's end of the replication link, with repcached's life cycle: it connects
 * to its peer once, at the start; whenever there is no link it listens; both ends
 * send their changes, and the accepting end (the master) also sends a full sync.
 */
export class ReplicationLink {
  readonly #context: ContextWithoutPeer
  readonly #settings: ReplicationSettings
  /** Takes clients' changes for the peer. */
  readonly changes: QueuedChanges
  readonly #port: ReplicationPort
  readonly #figures = new LinkFigures()
  readonly #redial = new Redial(() => void this.#search())
  #state: LinkState = 'idle'
  #role: 'master' | 'slave' | 'none' = 'none'
  #peerAddress: string | null = null
  /** Our connection attempt. */
  #candidate: PeerConnection | null = null
  #peer: PeerConnection | null = null
  #peerIsResilient = false
  #syncMark = 0
  #everSearched = false
  /** Settles start(). */
  #onReady: () => void = () => {}
  #onDrained: (() => void) | null = null

  constructor(context: ContextWithoutPeer, settings: ReplicationSettings) {
    this.#context = context
    this.#settings = settings
    this.changes = new QueuedChanges({settings, cas: context.store.cas, onOverflow: () => this.#overflowed()})
    if (settings.resilient) context.store.cas.followClock()
    this.#port = new ReplicationPort({
      context,
      settings,
      onAccept: accepted => this.#accept(accepted),
    })
  }

  stats(): ReplicationStats {
    return this.#figures.stats({
      mode: this.#settings.resilient ? 'resilient' : 'default',
      link: this.#state,
      role: this.#role,
      queue: this.changes.queue,
      turnedAway: this.#port.turnedAway,
    })
  }

  /**
   * Connects to the peer, or listens. Resolves when the client port may be opened:
   * after the full sync, or once the replication port is bound. Never resolves for a
   * node that gets neither, because repcached keeps its client port shut then; a
   * resilient node opens it.
   * @throws the system's error when the peer's name has no address or, without a peer, the port cannot be bound
   */
  async start(): Promise<void> {
    const {peerHost} = this.#settings
    await this.#port.prepare()
    if (peerHost === null) {
      await this.#listen()
      return
    }
    this.#peerAddress = (await lookup(peerHost, {family: 4})).address
    this.#port.partner = this.#peerAddress
    const ready = new Promise<void>(resolve => {
      this.#onReady = resolve
    })
    this.#dial(this.#peerAddress)
    await ready
  }

  /** Sends everything queued and the rest of a full sync, then closes. */
  async drain(): Promise<void> {
    this.#candidate?.cut()
    this.#redial.cancel()
    const peer = this.#peer
    if (this.#state === 'paired' && peer !== null && !peer.sender.idle) {
      await new Promise<void>(resolve => {
        this.#onDrained = resolve
      })
    }
    this.#state = 'closed'
    this.changes.hold.end()
    this.#port.close()
    this.#peer?.finish()
    if (this.#peer !== null) this.#context.log.line(1, 'replication: cleanup complete')
  }

  #overflowed(): void {
    this.#figures.overflows++
    this.#context.log.line(0, "replication: can't create Q_ITEM")
    this.#peer?.cut()
  }

  /** One attempt of a resilient node: binds the port if it is not bound, and connects, unless that port is its own. */
  async #search(): Promise<void> {
    if (!this.#port.bound) await this.#listen().catch(() => {})
    // The state may have changed meanwhile.
    if (this.#mayDial() && this.#peerAddress !== null) this.#dial(this.#peerAddress)
  }

  #mayDial(): boolean {
    return (
      this.#state !== 'closed' &&
      this.#peer === null &&
      this.#candidate === null &&
      !this.#port.isAt(this.#peerAddress, this.#settings.connectPort)
    )
  }

  #dial(host: string): void {
    const port = this.#settings.connectPort
    // A search may take long: only its first attempt is logged at level 1.
    this.#context.log.line(this.#everSearched ? 2 : 1, `replication: connect (peer=${host}:${port})`)
    if (this.#state === 'idle') this.#state = 'dialling'
    this.#candidate = this.#connect({host, port, ...sourceOf(this.#context.settings.host, host)})
    if (this.#settings.resilient) this.#candidate.cutWhenSilent()
  }

  #connect(from: Admitted | PeerPlace): PeerConnection {
    const connection: PeerConnection = new PeerConnection({
      context: this.#context,
      queue: this.changes.queue,
      missedDeletes: this.changes.missedDeletes,
      from,
      events: {
        // A relay accepts even when the peer behind it is down: a node that stopped listening then would refuse the true peer.
        onConnected: () => {
          if (!this.#settings.likeRepcached) connection.sendHello()
          if (!this.#settings.resilient) this.#join(connection)
        },
        onHeard: () => {
          if (connection === this.#candidate) this.#join(connection)
          else if (connection === this.#peer) this.#port.heardPeer()
        },
        onHello: () => this.#greeted(),
        onMarugotoEnd: () => this.#joined(connection),
        onCopied: keys => this.#copied(keys),
        onSent: () => {
          this.changes.hold.shrunk()
          if (connection.sender.idle) this.#onDrained?.()
        },
        onLost: () => (connection === this.#candidate ? this.#dialFailed() : this.#lost(connection)),
      },
    })
    return connection
  }

  /** The peer accepted: this node becomes the slave. */
  #join(connection: PeerConnection): void {
    const {log} = this.#context
    log.line(1, 'replication: marugoto copying')
    this.#candidate = null
    this.#port.close()
    this.#state = 'joining'
    this.#establish(connection)
    if (!this.#settings.resilient) return
    // The full sync would overwrite what clients write meanwhile.
    this.changes.hold.joinBegun()
  }

  /** The connection attempt failed or was given up. */
  #dialFailed(): void {
    this.#candidate = null
    if (this.#state === 'closed') return
    if (this.#state === 'dialling') {
      // repcached logs this for a refused connection, too.
      this.#context.log.line(1, 'replication: marugoto copying')
      this.#afterLoss(0)
    } else if (this.#peer === null) {
      this.#redial.schedule()
    }
  }

  /** Binds the replication port and waits for a peer. */
  async #listen(): Promise<void> {
    try {
      await this.#port.bind()
    } catch (error) {
      const retries = this.#settings.resilient && this.#settings.peerHost !== null
      if (!retries) this.#state = 'orphaned'
      this.#context.log.line(
        retries && this.#everSearched ? 2 : 0,
        'replication: failed to initialize replication server socket',
      )
      if (retries) this.#onReady()
      throw error
    }
    if (this.#state === 'closed' || this.#peer !== null) {
      this.#port.close()
      return
    }
    this.#state = 'listening'
    this.#context.log.line(1, 'replication: listen')
    this.#onReady()
  }

  #accept(admitted: Admitted): void {
    if (this.#port.replacesSilentPeer(admitted)) this.#dropPeer()
    if (this.#state !== 'listening') {
      admitted.socket.resetAndDestroy()
      return
    }
    this.#port.closeBehind(admitted)
    this.#context.log.line(1, 'replication: accept')
    this.#state = 'paired'
    this.#role = 'master'
    const called = this.#candidate
    const peer = this.#connect(admitted)
    this.#establish(peer)
    called?.cut()
    if (this.#context.store.items > 0) this.#context.log.line(1, 'replication: marugoto start')
    const flushDue = this.#context.store.flushDueSeconds
    if (flushDue !== null) peer.sender.sendFrame(flushAllFrame(flushDue))
    peer.sender.startCopy({announcesEnd: true})
    peer.applyReceived()
  }

  #dropPeer(): void {
    const peer = this.#peer
    this.#leave()
    this.#context.log.line(1, 'replication: close')
    this.#state = 'listening'
    peer?.cut()
  }

  #establish(peer: PeerConnection): void {
    this.#peer = peer
    this.changes.attach(peer.sender)
    this.#peerIsResilient = false
    this.#redial.succeeded()
    this.#everSearched = false
    this.#figures.syncBegun()
    this.#syncMark = (this.#syncMark % MARKS) + 1
    if (this.#syncMark === 1) this.#context.store.forgetSyncMarks()
    peer.applier.syncMark = this.#syncMark
    if (!this.#settings.resilient) return
    peer.keepAlive()
    peer.sender.sendFrame(RESILIENT_HELLO_FRAME)
  }

  /** The peer is resilient, too: both send a full sync, and the newer version of each item stays. */
  #greeted(): void {
    const peer = this.#peer
    if (!this.#settings.resilient || peer === null || this.#peerIsResilient) return
    this.#peerIsResilient = true
    peer.applier.merge = 'newest'
    for (const missed of this.changes.missedDeletes.all()) peer.sender.sendExpired(missed)
    if (this.#role === 'master') return
    peer.sender.startCopy({announcesEnd: true})
    this.changes.hold.joinEnded()
  }

  /** The peer's full sync is complete. */
  #joined(connection: PeerConnection): void {
    this.changes.missedDeletes.clear()
    if (this.#state !== 'joining' || connection !== this.#peer) return
    this.#context.log.line(1, 'replication: start')
    connection.allowSilence()
    this.#state = 'paired'
    this.#role = 'slave'
    this.#figures.syncDone()
    // A peer that is not resilient gets the items that were not in its own full sync.
    if (this.#settings.resilient && !this.#peerIsResilient) {
      connection.sender.startCopy({announcesEnd: false, exceptMark: this.#syncMark})
    }
    this.changes.hold.joinEnded()
    this.#onReady()
  }

  #copied(keys: number): void {
    if (this.#role !== 'master') return
    this.#figures.syncDone()
    if (keys === 0) return
    this.#context.log.line(1, `replication: marugoto ${keys}`)
    this.#context.log.line(1, 'replication: marugoto owari')
  }

  #lost(connection: PeerConnection): void {
    if (connection !== this.#peer) return
    this.#leave()
    if (this.#state !== 'closed') this.#afterLoss(connection.id)
  }

  /** Drops the state of the link. */
  #leave(): void {
    this.#peer = null
    this.changes.detach()
    this.#role = 'none'
    this.#onDrained?.()
  }

  /** The link is lost: listens and, if resilient, searches for the peer. */
  #afterLoss(id: number): void {
    this.#state = 'idle'
    const {log} = this.#context
    log.line(1, 'replication: close')
    log.line(2, 'replication: close send')
    log.line(2, `replication: qitem free ${this.changes.queue.peak} items`)
    if (id > 0) log.line(2, `<${id} connection closed.`)
    log.line(2, 'replication: close conn')
    // The log tells of a port that cannot be bound; the node goes on without a link.
    const listening = this.#listen().catch(() => {})
    if (!this.#settings.resilient || this.#settings.peerHost === null) return
    void listening.then(() => {
      this.#everSearched = true
      if (this.#peer === null && this.#state !== 'closed') this.#redial.schedule()
    })
  }
}
