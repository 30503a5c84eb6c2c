import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {copyBytes} from '../../../protocol/text/ascii.js'

/** Slots are allocated in blocks, so that a large `-q` costs nothing until it is needed. */
const BLOCK_SLOTS = 1024

export type QueuedKind = 'stored' | 'deleted' | 'frame'
const kinds: readonly QueuedKind[] = ['stored', 'deleted', 'frame']

/**
 * Ring of changes that wait to be sent to the peer, oldest first. As in repcached
 * it holds keys, not values: the item is sent as it is at that moment.
 */
export class ReplicationQueue {
  readonly limit: number
  readonly #blocks: Buffer[] = []
  readonly #kinds: Uint8Array
  readonly #lengths: Uint8Array
  #first = 0
  #depth = 0
  #peak = 0

  constructor(limit: number) {
    this.limit = limit
    this.#kinds = new Uint8Array(limit)
    this.#lengths = new Uint8Array(limit)
  }

  get depth(): number {
    return this.#depth
  }

  /** Most slots ever used at once. */
  get peak(): number {
    return this.#peak
  }

  /** Adds a change with its key (or ready-made frame) in bytes[start, end); false when the queue is full. */
  push(kind: QueuedKind, bytes: Buffer, start: number, end: number): boolean {
    if (this.#depth === this.limit) return false
    const slot = (this.#first + this.#depth) % this.limit
    this.#kinds[slot] = kinds.indexOf(kind)
    this.#lengths[slot] = end - start
    copyBytes(bytes, start, end, this.#block(slot), offsetOf(slot))
    this.#depth++
    if (this.#depth > this.#peak) this.#peak = this.#depth
    return true
  }

  /** Kind of the oldest change; only when depth > 0. */
  get kind(): QueuedKind {
    return kinds[this.#kinds[this.#first]!]!
  }

  /** The buffer that holds the oldest change's key, in [start, end). */
  get bytes(): Buffer {
    return this.#block(this.#first)
  }

  get start(): number {
    return offsetOf(this.#first)
  }

  get end(): number {
    return offsetOf(this.#first) + this.#lengths[this.#first]!
  }

  /** Removes the oldest change. */
  drop(): void {
    this.#first = (this.#first + 1) % this.limit
    this.#depth--
  }

  clear(): void {
    this.#first = 0
    this.#depth = 0
  }

  #block(slot: number): Buffer {
    const index = Math.floor(slot / BLOCK_SLOTS)
    this.#blocks[index] ??= Buffer.allocUnsafeSlow(BLOCK_SLOTS * KEY_MAX_BYTES)
    return this.#blocks[index]
  }
}

function offsetOf(slot: number): number {
  return (slot % BLOCK_SLOTS) * KEY_MAX_BYTES
}
