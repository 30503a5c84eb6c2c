import {CommandLine} from '../../protocol/command-line.js'
import {assertNever} from '../../protocol/errors.js'
import {type ReplicationFrame, readFrame} from '../../protocol/replication-frame.js'
import {NO_DATA, type StreamHandler} from '../../protocol/stream-splitter.js'
import {hashKey} from './key-index.js'
import type {NodeContext} from './node-context.js'

type RepFrame = Extract<ReplicationFrame, {type: 'rep'}>

/**
 * Applies the peer's replication stream to the store. What comes this way is
 * not sent back. A `rep` that can't be stored is skipped with its data, so that
 * a value is never taken for commands.
 */
export class FrameApplier implements StreamHandler {
  readonly #context: NodeContext
  readonly #onMarugotoEnd: () => void
  readonly #line = new CommandLine()
  /** The item whose value is coming, or 0. */
  #item = 0
  #at = 0
  /** The stream lost its frame boundaries: the link can't go on. */
  broken = false

  constructor(context: NodeContext, onMarugotoEnd: () => void) {
    this.#context = context
    this.#onMarugotoEnd = onMarugotoEnd
  }

  onLine(bytes: Buffer, start: number, end: number): number {
    if (this.broken) return NO_DATA
    this.#line.read(bytes, start, end)
    const frame = readFrame(this.#line)
    switch (frame.type) {
      case 'rep':
        return this.#beginRep(frame)
      case 'delete':
        this.#remove(bytes, frame.keyStart, frame.keyEnd)
        return NO_DATA
      case 'flushAll':
        this.#flush(frame.atSeconds)
        return NO_DATA
      case 'marugotoEnd':
        this.#onMarugotoEnd()
        return NO_DATA
      case 'malformed':
        this.#context.log.line(2, `REP>0 ERROR (${frame.text})`)
        this.broken = frame.dataBytes === 'unknown'
        return typeof frame.dataBytes === 'number' ? frame.dataBytes : NO_DATA
      default:
        return assertNever(frame)
    }
  }

  onData(bytes: Buffer, start: number, end: number): void {
    if (this.#item === 0) return
    bytes.copy(this.#context.store.bytesOf(this.#item), this.#at, start, end)
    this.#at += end - start
  }

  onDataEnd(terminated: boolean): void {
    const item = this.#item
    this.#item = 0
    if (!terminated) {
      this.broken = true
      if (item !== 0) this.#context.store.discard(item)
      return
    }
    if (item === 0) return
    const {store} = this.#context
    const keyStart = store.offsetOf(item)
    const hash = store.columns.hash[item]!
    const old = store.find(store.bytesOf(item), keyStart, keyStart + store.columns.keyBytes[item]!, hash)
    if (old !== 0) store.unlink(old)
    store.link(item)
  }

  acceptsLongLine(): boolean {
    return false
  }

  /** The link is gone: a value cut off by it is not applied. */
  abort(): void {
    if (this.#item !== 0) this.#context.store.discard(this.#item)
    this.#item = 0
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
      store.setCas(item, Number(frame.cas >> 32n), Number(frame.cas & 0xffff_ffffn))
      this.#at = store.valueOffsetOf(item)
      this.#item = item
    } else {
      log.line(1, `replication: can't store an item of ${frame.bytes} bytes from the peer`)
      // The older value would be a wrong one.
      this.#remove(bytes, frame.keyStart, frame.keyEnd)
    }
    return frame.bytes
  }

  #remove(bytes: Buffer, keyStart: number, keyEnd: number): void {
    const {store} = this.#context
    const item = store.find(bytes, keyStart, keyEnd, hashKey(bytes, keyStart, keyEnd))
    if (item !== 0) store.unlink(item)
  }

  #flush(atSeconds: number | null): void {
    const {store, clock} = this.#context
    if (atSeconds === null || atSeconds <= clock.nowSeconds) store.flush()
    else store.flushAt(atSeconds)
  }
}
