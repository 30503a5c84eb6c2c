import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import type {StoredItem} from '../items/stored-item.js'
import {BLOCK_MAX_BYTES, ITEMS_BLOCK_BYTES} from './block-format.js'
import {DumpError} from './dump-error.js'

/** Key length, flags, exptime, value length. */
const RECORD_HEAD_BYTES = 2 + 4 + 8 + 4

/** Gathers items into the contents of items blocks. */
export class RecordPacker {
  #block: Buffer | null = null
  #filled = 0
  /** Blocks to be filled again: new ones would be memory that is given back late. */
  readonly #spare: Buffer[] = []

  /** Adds an item. @returns blocks that are full now, in their order */
  add(item: StoredItem): Buffer[] {
    const length = RECORD_HEAD_BYTES + item.key.length + item.value.length
    const full = this.#filled > 0 && this.#filled + length > ITEMS_BLOCK_BYTES ? this.take() : []
    if (length > ITEMS_BLOCK_BYTES) {
      assertFits(item, length)
      const own = Buffer.allocUnsafeSlow(length)
      writeRecord(item, own, 0)
      return [...full, own]
    }
    this.#block ??= this.#spare.pop() ?? Buffer.allocUnsafeSlow(ITEMS_BLOCK_BYTES)
    this.#filled = writeRecord(item, this.#block, this.#filled)
    return full
  }

  /** What has been gathered and is not full yet; afterwards a new block begins. */
  take(): Buffer[] {
    if (this.#block === null) return []
    const full = this.#block.subarray(0, this.#filled)
    this.#block = null
    this.#filled = 0
    return [full]
  }

  /** Takes back the bytes of a block that nobody needs any more. */
  reuse({buffer}: Buffer): void {
    if (buffer.byteLength === ITEMS_BLOCK_BYTES) this.#spare.push(Buffer.from(buffer))
  }
}

/** The items of an items block; their values are parts of it. @returns what is there instead, in words, when there is another thing */
export function readRecords(content: Buffer): StoredItem[] | string {
  const items: StoredItem[] = []
  for (let at = 0; at < content.length; ) {
    if (at + RECORD_HEAD_BYTES > content.length) return cutRecord(items.length)
    const keyBytes = content.readUInt16LE(at)
    const expiresAt = content.readDoubleLE(at + 6)
    const keyAt = at + RECORD_HEAD_BYTES
    const valueAt = keyAt + keyBytes
    const end = valueAt + content.readUInt32LE(at + 14)
    if (end > content.length) return cutRecord(items.length)
    if (keyBytes === 0 || keyBytes > KEY_MAX_BYTES) return `item ${items.length + 1} with a key of ${keyBytes} bytes`
    if (!isExptime(expiresAt)) return `item ${items.length + 1} with exptime ${expiresAt}`
    items.push({
      key: content.toString('latin1', keyAt, valueAt),
      flags: content.readUInt32LE(at + 2),
      expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
      cas: null,
      value: content.subarray(valueAt, end),
    })
    at = end
  }
  return items
}

function writeRecord({key, flags, expiresAt, value}: StoredItem, block: Buffer, at: number): number {
  block.writeUInt16LE(key.length, at)
  block.writeUInt32LE(flags, at + 2)
  block.writeDoubleLE(expiresAt ?? Number.NaN, at + 6)
  block.writeUInt32LE(value.length, at + 14)
  const keyAt = at + RECORD_HEAD_BYTES
  block.write(key, keyAt, 'latin1')
  value.copy(block, keyAt + key.length)
  return keyAt + key.length + value.length
}

function assertFits({key, value}: StoredItem, length: number): void {
  if (length <= BLOCK_MAX_BYTES) return
  const what = `an item of less than ${BLOCK_MAX_BYTES} bytes`
  throw new DumpError('ERR_DUMP_WRITE', `Expected ${what}, got ${value.length} bytes under ${key.slice(0, 40)}`)
}

function isExptime(seconds: number): boolean {
  return Number.isNaN(seconds) || (Number.isSafeInteger(seconds) && seconds >= 0)
}

function cutRecord(before: number): string {
  return `an item that is cut after ${before} whole ones`
}
