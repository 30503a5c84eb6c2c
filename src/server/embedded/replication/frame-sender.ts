import type {Socket} from 'node:net'
import {
  isSendableKey,
  MARUGOTO_END_FRAME,
  REP_LINE_MAX_BYTES,
  writeDelete,
  writeRepLine,
} from '../../../protocol/replication/replication-frame.js'
import {copyBytes, writeText} from '../../../protocol/text/ascii.js'
import type {NodeLog} from '../node/node-log-writer.js'
import {ITEM_STEP} from '../store/memory/item-columns.js'
import {hashKey} from '../store/memory/key-index.js'
import type {Store} from '../store/store.js'
import type {MissedDelete} from './missed-deletes.js'
import type {ReplicationQueue} from './replication-queue.js'

/** repcached's send buffer: with more unsent bytes the queue waits. */
const CONGESTED_BYTES = 1024 * 1024
const SCRATCH_BYTES = 256 * 1024
/** An absolute exptime before any node's start. */
const EXPIRED = 2_592_001
/** Items copied in one turn of the event loop, so that clients are served in between. */
const COPIED_PER_TURN = 512

/** A full sync in progress, by item number. */
interface Copy {
  at: number
  readonly end: number
  keys: number
  /** Items with this join mark came from the peer and are left out; 0 = none. */
  readonly exceptMark: number
  /** Whether marugoto_end follows: in the acceptor's copy, after which the joiner opens its client port. */
  readonly announcesEnd: boolean
}

/**
 * Sends one link's frames: queued changes first, each with the item as it is now,
 * then a part of the full sync, in order of item numbers. A change behind the copy's
 * position is queued anyway, so the peer always ends with the latest version.
 */
export class FrameSender {
  readonly #store: Store
  readonly #queue: ReplicationQueue
  readonly #log: NodeLog
  readonly #socket: Socket
  readonly #onCopied: (keys: number) => void
  readonly #onSent: () => void
  readonly #onUnsendable: () => void
  #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  /** Kept, because allocating a buffer per write costs more than copying into it. */
  readonly #spare: Buffer<ArrayBuffer>[] = []
  #length = 0
  #scheduled = false
  #copy: Copy | null = null

  constructor(options: {
    store: Store
    queue: ReplicationQueue
    log: NodeLog
    socket: Socket
    /** Called with the number of keys when the full sync is sent. */
    onCopied: (keys: number) => void
    /** Called after each round of sending; {@link idle} says whether anything is left. */
    onSent: () => void
    /** Called for each change that is left out because the stream cannot carry its key. */
    onUnsendable: () => void
  }) {
    this.#store = options.store
    this.#queue = options.queue
    this.#log = options.log
    this.#socket = options.socket
    this.#onCopied = options.onCopied
    this.#onSent = options.onSent
    this.#onUnsendable = options.onUnsendable
    options.socket.on('drain', () => this.pump())
  }

  /** Bytes sent to the peer so far. */
  get sentBytes(): number {
    return this.#socket.bytesWritten - this.#socket.writableLength
  }

  /** Nothing is queued, to be copied, or unsent. */
  get idle(): boolean {
    return this.#queue.depth === 0 && this.#copy === null && this.#socket.writableLength === 0
  }

  /** A full sync is in progress. */
  get copying(): boolean {
    return this.#copy !== null
  }

  startCopy({announcesEnd, exceptMark = 0}: {announcesEnd: boolean; exceptMark?: number}): void {
    this.#copy = {at: ITEM_STEP, end: this.#store.slabs.itemsEnd, keys: 0, exceptMark, announcesEnd}
    this.schedule()
  }

  /** Sends a ready-made frame before everything that is queued. */
  sendFrame(frame: string): void {
    this.#reserve(frame.length)
    this.#length = writeText(this.#scratch, this.#length, frame)
    this.schedule()
  }

  /** Sends a deletion as an expired item, so that its cas unique tells the peer whether it is newer than the peer's item. */
  sendExpired({key, casHigh, casLow}: MissedDelete): void {
    if (!this.#canSend(key, 0, key.length)) return
    this.#reserve(REP_LINE_MAX_BYTES + 2)
    const lineEnd = writeRepLine(this.#scratch, this.#length, {
      keyBytes: key,
      keyStart: 0,
      keyEnd: key.length,
      flags: 0,
      exptime: EXPIRED,
      bytes: 0,
      casHigh,
      casLow,
    })
    this.#length = writeText(this.#scratch, lineEnd, '\r\n')
    this.schedule()
  }

  /** Sends at the end of this turn of the event loop. */
  schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.pump()
    })
  }

  /** Sends as many queued changes as the socket takes now, but nothing of a full sync. */
  sendChanges(): void {
    if (this.#queue.depth === 0) return
    this.#renderChanges()
    this.#write()
    this.#onSent()
  }

  /** Sends as much as the socket takes now. */
  pump(): void {
    this.#renderChanges()
    if (this.#copy !== null && this.#ready()) this.#copyItems(this.#copy)
    this.#write()
    if (this.#copy !== null && this.#ready()) this.schedule()
    this.#onSent()
  }

  #renderChanges(): void {
    while (this.#queue.depth > 0 && this.#ready()) {
      if (this.#log.shows(2)) this.#log.line(2, 'replication: pop')
      this.#renderChange()
      this.#queue.drop()
    }
  }

  #ready(): boolean {
    return this.#socket.writable && this.#socket.writableLength < CONGESTED_BYTES
  }

  #renderChange(): void {
    const {kind, bytes, start, end} = this.#queue
    if (kind === 'frame') {
      this.#reserve(end - start)
      this.#length = copyBytes(bytes, start, end, this.#scratch, this.#length)
      return
    }
    if (!this.#canSend(bytes, start, end)) return
    const item = kind === 'stored' ? this.#store.find(bytes, start, end, hashKey(bytes, start, end)) : 0
    if (item !== 0) {
      this.#renderItem(item)
      return
    }
    this.#reserve(REP_LINE_MAX_BYTES)
    this.#length = writeDelete(this.#scratch, this.#length, bytes, start, end)
  }

  #canSend(key: Buffer, start: number, end: number): boolean {
    const sendable = isSendableKey(key, start, end)
    if (!sendable) this.#onUnsendable()
    return sendable
  }

  #renderItem(item: number): void {
    const {columns} = this.#store
    const valueBytes = columns.valueBytes[item]!
    this.#reserve(REP_LINE_MAX_BYTES + valueBytes + 2)
    const keyBytes = this.#store.bytesOf(item)
    const keyStart = this.#store.offsetOf(item)
    const lineEnd = writeRepLine(this.#scratch, this.#length, {
      keyBytes,
      keyStart,
      keyEnd: keyStart + columns.keyBytesOf(item),
      flags: columns.flags[item]!,
      exptime: columns.exptime[item]!,
      bytes: valueBytes,
      casHigh: columns.casHigh[item]!,
      casLow: columns.casLow[item]!,
    })
    const valueStart = this.#store.valueOffsetOf(item)
    this.#length = copyBytes(keyBytes, valueStart, valueStart + valueBytes + 2, this.#scratch, lineEnd)
  }

  #copyItems(copy: Copy): void {
    const store = this.#store
    const until = copy.keys + COPIED_PER_TURN
    while (copy.at < copy.end && copy.keys < until && this.#ready()) {
      const item = copy.at
      copy.at += ITEM_STEP
      if (!store.isLinked(item) || store.isDead(item)) continue
      if (copy.exceptMark !== 0 && store.columns.syncMarkOf(item) === copy.exceptMark) continue
      const keyStart = store.offsetOf(item)
      if (!this.#canSend(store.bytesOf(item), keyStart, keyStart + store.columns.keyBytesOf(item))) continue
      this.#renderItem(item)
      copy.keys++
    }
    if (copy.at < copy.end) return
    this.#copy = null
    if (copy.announcesEnd) this.sendFrame(MARUGOTO_END_FRAME)
    this.#onCopied(copy.keys)
  }

  #reserve(bytes: number): void {
    if (this.#length + bytes <= this.#scratch.length) return
    this.#write()
    if (bytes > this.#scratch.length) this.#scratch = Buffer.allocUnsafeSlow(bytes)
  }

  #write(): void {
    if (this.#length === 0) return
    const scratch = this.#scratch
    const view = scratch.subarray(0, this.#length)
    this.#length = 0
    if (!this.#socket.writable) return
    let held = false
    this.#socket.write(view, () => {
      // A buffer made for one large value is not kept.
      if (held && scratch.length === SCRATCH_BYTES) this.#spare.push(scratch)
    })
    if (this.#socket.writableLength === 0) return
    // The socket still holds this buffer: continue in another.
    held = true
    this.#scratch = this.#spare.pop() ?? Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  }
}
