import {closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import type {ListedKey} from '../items/stored-item.js'

/** A key with the size that its item had when it was listed. */
export interface SpooledKey extends ListedKey {
  /** 0 = unknown. */
  readonly bytes: number
}

const BLOCK_BYTES = 1024 * 1024
/** Key length, size of the item, exptime. */
const HEAD_BYTES = 1 + 4 + 8
const RECORD_MAX_BYTES = HEAD_BYTES + 255

export interface BatchLimits {
  readonly keysMax: number
  /** Of the items, as far as their size is known; one larger item is a batch of its own. */
  readonly bytesMax: number
}

/**
 * A list of keys in constant memory: in blocks, which go to a file of nobody's name when they are more than a few. The
 * file is there because a server that lists its keys must not wait for what is done with them: memcached holds other
 * crawls for so long, and a slow reader loses its connection.
 */
export class KeySpool {
  #count = 0
  #bytes = 0
  readonly #blocks: Buffer[] = []
  readonly #inMemoryMax: number
  #file: number | null = null
  #fileBytes = 0
  #block: Buffer = Buffer.allocUnsafeSlow(BLOCK_BYTES)
  #filled = 0

  /** @param blocksInMemory of 1 MB each, before a file is used */
  constructor({blocksInMemory = 16}: {readonly blocksInMemory?: number} = {}) {
    this.#inMemoryMax = blocksInMemory
  }

  /** Number of keys. */
  get count(): number {
    return this.#count
  }

  /** Of all items, as far as it is known. */
  get bytes(): number {
    return this.#bytes
  }

  /** @throws RepbenchError when the disk is full */
  add({key, expiresAt, bytes}: SpooledKey): void {
    if (this.#filled + RECORD_MAX_BYTES > BLOCK_BYTES) this.#endBlock()
    const block = this.#block
    let at = this.#filled
    block[at++] = key.length
    at = block.writeUInt32LE(Math.min(bytes || 0, 0xffff_ffff), at)
    at = block.writeDoubleLE(expiresAt ?? Number.NaN, at)
    at += block.write(key, at, 'latin1')
    this.#filled = at
    this.#count++
    this.#bytes += bytes || 0
  }

  /** In the order in which they were added; may be read several times. */
  *batches({keysMax, bytesMax}: BatchLimits): Generator<SpooledKey[]> {
    let batch: SpooledKey[] = []
    let batchBytes = 0
    for (const key of this.#keys()) {
      if (batch.length > 0 && (batch.length === keysMax || batchBytes + key.bytes > bytesMax)) {
        yield batch
        batch = []
        batchBytes = 0
      }
      batch.push(key)
      batchBytes += key.bytes
    }
    if (batch.length > 0) yield batch
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file)
    this.#file = null
  }

  *#keys(): Generator<SpooledKey> {
    const file = this.#file
    if (file !== null) {
      // Records do not cross blocks, and every block in the file has the length that stands before it.
      const block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
      for (let at = 0; at < this.#fileBytes; at += BLOCK_BYTES) {
        readSync(file, block, 0, BLOCK_BYTES, at)
        yield* keysIn(block)
      }
    }
    for (const block of this.#blocks) yield* keysIn(block)
    yield* keysIn(this.#block.subarray(0, this.#filled))
  }

  #endBlock(): void {
    // A key of no length ends a block.
    this.#block.fill(0, this.#filled)
    if (this.#blocks.length < this.#inMemoryMax) this.#blocks.push(this.#block)
    else this.#spill()
    this.#block = Buffer.allocUnsafeSlow(BLOCK_BYTES)
    this.#filled = 0
  }

  #spill(): void {
    try {
      this.#file ??= openNameless()
      for (const block of [...this.#blocks.splice(0), this.#block]) {
        writeAll(this.#file, block, this.#fileBytes)
        this.#fileBytes += BLOCK_BYTES
      }
    } catch (error) {
      throw new RepbenchError(
        'ERR_KEY_SPOOL',
        `Expected room for a list of keys in ${tmpdir()}, got ${messageOf(error)}`,
        {
          cause: error,
        },
      )
    }
  }
}

function* keysIn(block: Buffer): Generator<SpooledKey> {
  for (let at = 0; at + HEAD_BYTES <= block.length && block[at] !== 0; ) {
    const length = block[at]!
    const expiresAt = block.readDoubleLE(at + 5)
    const keyAt = at + HEAD_BYTES
    yield {
      key: block.toString('latin1', keyAt, keyAt + length),
      expiresAt: Number.isNaN(expiresAt) ? null : expiresAt,
      bytes: block.readUInt32LE(at + 1),
    }
    at = keyAt + length
  }
}

/** Removed as soon as it is open: nothing is left of it, however this process ends. */
function openNameless(): number {
  const directory = mkdtempSync(join(tmpdir(), 'repbench-keys-'))
  try {
    return openSync(join(directory, 'keys'), 'wx+', 0o600)
  } finally {
    rmSync(directory, {recursive: true, force: true})
  }
}

function writeAll(file: number, bytes: Buffer, at: number): void {
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(file, bytes, written, bytes.length - written, at + written)
  }
}
