import {assertNever} from '../../../protocol/errors.js'
import {
  FRAME_MAX_WORDS,
  PEER_HELLO_KEY,
  RESILIENT_HELLO_KEY,
  type ReplicationFrame,
  readFrame,
} from '../../../protocol/replication/replication-frame.js'
import {equalsText} from '../../../protocol/text/ascii.js'
import {CommandLine} from '../../../protocol/text/command-line.js'
import {NO_DATA, type StreamHandler} from '../../../protocol/text/stream-splitter.js'
import type {ContextWithoutPeer} from '../node/node-context.js'
import {hashKey} from '../store/memory/key-index.js'
import type {Store} from '../store/store.js'
import {ValueFilling} from '../store/value-filling.js'
import type {MissedDeletes} from './missed-deletes.js'

type RepFrame = Extract<ReplicationFrame, {type: 'rep'}>

/** What the peer's frames tell the link, besides changes. */
export interface FrameEvents {
  /** The first frame has come, and is applied after this call. Called at most once. */
  onHeard(): void
  /** The peer is an embedded node in resilient mode. */
  onHello(): void
  /** The peer's full sync has come. */
  onMarugotoEnd(): void
}

/**
 * Applies the peer's replication stream to the store; nothing of it is sent back. A
 * `rep` that cannot be stored is skipped with its data, so that its value is never
 * taken for frames.
 */
export class FrameApplier implements StreamHandler {
  readonly #context: ContextWithoutPeer
  readonly #missedDeletes: MissedDeletes
  readonly #events: FrameEvents
  readonly #linkId: () => number
  readonly #line = new CommandLine(FRAME_MAX_WORDS)
  readonly #filling: ValueFilling
  /** The stream lost its frame boundaries: the link must end. */
  broken = false
  #heard = false

  /**
   * Which of two versions of an item stays. arrival: the one that comes, as in
   * repcached. newest: the one with the greater cas unique, which works only where
   * both nodes draw cas uniques like a Lamport clock.
   */
  merge: 'arrival' | 'newest' = 'arrival'
  /** The peer's full sync has come: every later frame is a new change. */
  #caughtUp = false
  /** Set on every item that comes; see ItemColumns.syncMarkOf. */
  syncMark = 0

  constructor(options: {
    context: ContextWithoutPeer
    missedDeletes: MissedDeletes
    events: FrameEvents
    /** The link's name in the log: its file descriptor, which an outgoing socket gets later. */
    linkId?: () => number
  }) {
    this.#context = options.context
    this.#filling = new ValueFilling(options.context.store)
    this.#missedDeletes = options.missedDeletes
    this.#events = options.events
    this.#linkId = options.linkId ?? (() => 0)
  }

  onLine(bytes: Buffer, start: number, end: number): number {
    if (this.broken) return NO_DATA
    const {log} = this.#context
    if (log.shows(2)) log.line(2, `<${this.#linkId()} ${bytes.toString('latin1', start, end)}`)
    this.#line.read(bytes, start, end)
    const frame = readFrame(this.#line)
    if (!this.#heard && !endsStream(frame)) {
      this.#heard = true
      this.#events.onHeard()
    }
    switch (frame.type) {
      case 'rep':
        return this.#beginRep(frame)
      case 'delete':
        if (equalsText(bytes, frame.keyStart, frame.keyEnd, RESILIENT_HELLO_KEY)) this.#events.onHello()
        else if (!equalsText(bytes, frame.keyStart, frame.keyEnd, PEER_HELLO_KEY))
          this.#logReply(this.#remove(bytes, frame.keyStart, frame.keyEnd) ? 'DELETED' : 'NOT_FOUND')
        return NO_DATA
      case 'flushAll':
        this.#flush(frame.atSeconds)
        this.#logReply('OK')
        return NO_DATA
      case 'marugotoEnd':
        this.#caughtUp = true
        this.#events.onMarugotoEnd()
        this.#logReply('OK')
        return NO_DATA
      case 'malformed':
        this.#logReply(`ERROR (${frame.text})`)
        this.broken = endsStream(frame)
        return typeof frame.dataBytes === 'number' ? frame.dataBytes : NO_DATA
      default:
        return assertNever(frame)
    }
  }

  onData(bytes: Buffer, start: number, end: number): void {
    this.#filling.take(bytes, start, end)
  }

  onDataEnd(terminated: boolean): void {
    const item = this.#filling.finish()
    if (!terminated) {
      this.broken = true
      if (item !== 0) this.#context.store.discard(item)
      return
    }
    if (item === 0) return
    this.#put(item)
    this.#logReply('STORED')
  }

  acceptsLongLine(): boolean {
    return false
  }

  /** The link is gone: drops a value that is not complete. */
  abort(): void {
    this.#filling.abort()
  }

  #beginRep(frame: RepFrame): number {
    const {store, clock, log} = this.#context
    const {bytes} = this.#line
    const item = store.allocate({
      keyBuffer: bytes,
      keyStart: frame.keyStart,
      keyEnd: frame.keyEnd,
      hash: hashKey(bytes, frame.keyStart, frame.keyEnd),
      flags: frame.flags,
      exptime: clock.expiryOf(frame.exptime),
      valueBytes: frame.bytes,
    })
    if (item > 0) {
      // A version that no node can draw would win for ever.
      if (store.cas.follows(frame.casHigh)) store.setCas(item, frame.casHigh, frame.casLow)
      else store.giveCas(item, null)
      this.#filling.begin(item)
    } else {
      log.line(1, `replication: can't store an item of ${frame.bytes} bytes from the peer`)
      // The old value would be stale.
      this.#remove(bytes, frame.keyStart, frame.keyEnd)
    }
    return frame.bytes
  }

  /** Links a complete item, or discards it when the other version stays. */
  #put(item: number): void {
    const {store, clock} = this.#context
    const {columns} = store
    const keyStart = store.offsetOf(item)
    const old = store.find(store.bytesOf(item), keyStart, keyStart + columns.keyBytesOf(item), columns.hash[item]!)
    if (this.merge === 'newest') {
      store.cas.witness(columns.casHigh[item]!, columns.casLow[item]!)
      const order = old === 0 ? 1 : compareVersions(store, item, old)
      if (order === 0) this.#takeExptime(item, old)
      if (order <= 0 || this.#wasDeleted(item)) {
        store.discard(item)
        return
      }
    }
    if (old !== 0) store.unlink(old)
    const exptime = columns.exptime[item]!
    if (exptime !== 0 && exptime <= clock.nowSeconds) {
      store.discard(item)
      return
    }
    store.link(item)
    columns.setSyncMark(item, this.syncMark)
  }

  /**
   * touch does not change the cas unique, so it does not order versions that differ
   * in their exptime only. A new change wins; in full syncs, which both nodes send,
   * the later exptime wins.
   */
  #takeExptime(item: number, old: number): void {
    const {exptime} = this.#context.store.columns
    if (this.#caughtUp || endOf(exptime[item]!) > endOf(exptime[old]!)) exptime[old] = exptime[item]!
  }

  #wasDeleted(item: number): boolean {
    const {store} = this.#context
    const {columns} = store
    const start = store.offsetOf(item)
    const key = store.bytesOf(item).subarray(start, start + columns.keyBytesOf(item))
    return this.#missedDeletes.supersedes(key, columns.casHigh[item]!, columns.casLow[item]!)
  }

  #remove(bytes: Buffer, keyStart: number, keyEnd: number): boolean {
    const {store} = this.#context
    const item = store.find(bytes, keyStart, keyEnd, hashKey(bytes, keyStart, keyEnd))
    if (item !== 0) store.unlink(item)
    return item !== 0
  }

  /** A link carries no replies, but repcached's log shows what they would be. */
  #logReply(text: string): void {
    const {log} = this.#context
    if (log.shows(2)) log.line(2, `REP>${this.#linkId()} ${text}`)
  }

  #flush(atSeconds: number | null): void {
    const {store} = this.#context
    if (atSeconds === null) store.flush()
    else store.flushAt(atSeconds)
  }
}

/** Whether nothing after this frame can be read as frames: its sender is no peer. */
export function endsStream(frame: ReplicationFrame): boolean {
  return frame.type === 'malformed' && frame.dataBytes === 'unknown'
}

function endOf(exptime: number): number {
  return exptime === 0 ? Number.POSITIVE_INFINITY : exptime
}

/** Orders two versions of one key: by cas unique, then by content, so that both nodes decide alike. */
function compareVersions(store: Store, first: number, second: number): number {
  const {columns} = store
  return (
    columns.casHigh[first]! - columns.casHigh[second]! ||
    columns.casLow[first]! - columns.casLow[second]! ||
    Buffer.compare(contentOf(store, first), contentOf(store, second))
  )
}

function contentOf(store: Store, item: number): Buffer {
  const start = store.offsetOf(item)
  return store.bytesOf(item).subarray(start, store.valueOffsetOf(item) + store.columns.valueBytes[item]!)
}
