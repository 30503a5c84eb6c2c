import {flushAllFrame} from '../../../protocol/replication/replication-frame.js'
import type {ReplicationSettings} from '../node/node-settings.js'
import type {ChangesToPeer} from '../node/replication.js'
import type {CasCounter} from '../store/cas-counter.js'
import {ClientHold} from './client-hold.js'
import type {FrameSender} from './frame-sender.js'
import {MissedDeletes} from './missed-deletes.js'
import {type QueuedKind, ReplicationQueue} from './replication-queue.js'

/** What takes changes from the queue: the sender of a link's frames. */
export type ChangeSender = Pick<FrameSender, 'sentBytes' | 'copying' | 'schedule' | 'pump' | 'sendChanges'>

/**
 * Clients' changes on their way to the peer. While there is a link, each change is
 * queued by its key and the link's sender takes it from the queue; clients are held
 * when the queue fills up, and a full queue loses the link, as in repcached. Without
 * a link nothing is queued; a resilient node then remembers deleted keys.
 */
export class QueuedChanges implements ChangesToPeer {
  readonly queue: ReplicationQueue
  readonly missedDeletes = new MissedDeletes()
  readonly hold: ClientHold
  readonly #cas: CasCounter
  readonly #remembersDeletes: boolean
  readonly #onOverflow: () => void
  #sender: ChangeSender | null = null

  constructor(options: {
    settings: Pick<ReplicationSettings, 'queueLimit' | 'resilient'>
    cas: CasCounter
    /** A change did not fit into the queue: the link must end, or the peer would lack the change. */
    onOverflow: () => void
  }) {
    const {settings, cas, onOverflow} = options
    this.queue = new ReplicationQueue(settings.queueLimit)
    this.hold = new ClientHold(this)
    this.#cas = cas
    this.#remembersDeletes = settings.resilient
    this.#onOverflow = onOverflow
  }

  /** The link is up: its sender sends the queued changes. */
  attach(sender: ChangeSender): void {
    this.#sender = sender
  }

  /** The link is down: empties the queue and releases held clients. */
  detach(): void {
    this.#sender = null
    this.queue.clear()
    this.hold.end()
  }

  get depth(): number {
    return this.queue.depth
  }

  get limit(): number {
    return this.queue.limit
  }

  /** Bytes sent to the peer so far. */
  get sentBytes(): number {
    return this.#sender?.sentBytes ?? 0
  }

  get holding(): boolean {
    return this.hold.active
  }

  get full(): boolean {
    return this.hold.full
  }

  get copying(): boolean {
    return this.#sender?.copying === true
  }

  whenReleased(listener: () => void): void {
    this.hold.whenReleased(listener)
  }

  stored(bytes: Buffer, keyStart: number, keyEnd: number): void {
    if (this.#sender !== null) this.#queueChange('stored', bytes, keyStart, keyEnd)
    else if (this.#remembersDeletes) this.missedDeletes.forget(bytes.subarray(keyStart, keyEnd))
  }

  deleted(bytes: Buffer, keyStart: number, keyEnd: number): void {
    if (this.#sender !== null) {
      this.#queueChange('deleted', bytes, keyStart, keyEnd)
    } else if (this.#remembersDeletes) {
      const {high, low} = this.#cas.next()
      this.missedDeletes.add({key: Buffer.from(bytes.subarray(keyStart, keyEnd)), casHigh: high, casLow: low})
    }
  }

  evicted(bytes: Buffer, keyStart: number, keyEnd: number): void {
    if (this.#sender !== null) this.#queueChange('deleted', bytes, keyStart, keyEnd)
  }

  flushed(atSeconds: number | null): void {
    if (this.#sender === null) return
    const frame = Buffer.from(flushAllFrame(atSeconds), 'latin1')
    this.#queueChange('frame', frame, 0, frame.length)
  }

  sendBeforeReplies(): void {
    this.#sender?.sendChanges()
  }

  #queueChange(kind: QueuedKind, bytes: Buffer, start: number, end: number): void {
    const sender = this.#sender
    if (sender === null) return
    if (!this.queue.push(kind, bytes, start, end)) {
      this.#onOverflow()
      return
    }
    // A burst within one turn of the event loop must not fill the queue of a healthy link.
    if (this.hold.pressing) sender.pump()
    else sender.schedule()
    this.hold.grown()
  }
}
