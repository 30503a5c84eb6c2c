import {crc32} from 'node:zlib'
import {type BlockHead, HEAD_BYTES, MAGIC, readHead, type StoredBlock} from './block-format.js'
import {type Damage, DumpError} from './dump-error.js'

/** A whole block and where it begins in the file. */
export interface CutBlock extends StoredBlock {
  readonly offset: number
}

/** Cuts a dump into blocks, however its chunks fall; each block is whole by its checksum. Stops at the first damage. */
export class BlockCutter {
  readonly #name: string
  #chunks: Buffer[] = []
  #waitingBytes = 0
  /** Of the byte that comes next. */
  #offset = 0
  /** Of the block under way. */
  #blockOffset = 0
  #head: BlockHead | null = null
  #hasEnd = false
  #damage: Damage | null = null

  /** @param name of the file, for messages */
  constructor(name: string) {
    this.#name = name
  }

  /** Null while all is whole. */
  get damage(): Damage | null {
    return this.#damage
  }

  /** @returns blocks that are whole now; those before damage come, nothing after it does. @throws DumpError for something else than a dump */
  push(chunk: Buffer): CutBlock[] {
    if (this.#damage !== null) return []
    this.#chunks.push(chunk)
    this.#waitingBytes += chunk.length
    const blocks: CutBlock[] = []
    for (let block = this.#next(); block !== null; block = this.#next()) blocks.push(block)
    return blocks
  }

  /** The file ends here. @throws DumpError for something else than a dump */
  end(): void {
    if (this.#damage !== null || (this.#hasEnd && this.#waitingBytes === 0)) return
    if (this.#offset === 0) this.#checkMagic(Buffer.concat(this.#chunks))
    const wanted = this.#head === null ? 'a block' : `a block of ${this.#head.storedBytes} bytes`
    const left = this.#offset - this.#blockOffset + this.#waitingBytes
    this.#stop(wanted, left === 0 ? 'the end of the file' : `the end of the file after ${left} bytes of it`)
  }

  /** Nothing more can be read. */
  fail(got: string): void {
    if (this.#damage === null) this.#stop('a block', got)
  }

  #next(): CutBlock | null {
    if (this.#offset === 0) {
      const magic = this.#take(MAGIC.length)
      if (magic === null) return null
      this.#checkMagic(magic)
      this.#blockOffset = this.#offset
    }
    if (this.#hasEnd && this.#waitingBytes > 0) this.#stop('the end of the file', 'more bytes after the last block')
    if (this.#damage !== null) return null
    return this.#head === null ? this.#takeHead() : this.#takeBody(this.#head)
  }

  #takeHead(): CutBlock | null {
    const bytes = this.#take(HEAD_BYTES)
    if (bytes === null) return null
    const head = readHead(bytes)
    if (typeof head === 'string') return this.#stop('the head of a block', head)
    this.#head = head
    return this.#takeBody(head)
  }

  #takeBody({checksum, storedBytes, ...head}: BlockHead): CutBlock | null {
    const stored = this.#take(storedBytes)
    if (stored === null) return null
    const found = crc32(stored)
    if (found !== checksum) {
      return this.#stop(`a block with checksum ${inHex(checksum)}`, `one of ${storedBytes} bytes with ${inHex(found)}`)
    }
    const offset = this.#blockOffset
    this.#blockOffset = this.#offset
    this.#head = null
    this.#hasEnd = head.kind === 'end'
    return {...head, stored, offset}
  }

  /** @returns null until so many bytes are there */
  #take(length: number): Buffer | null {
    if (this.#waitingBytes < length) return null
    const [first] = this.#chunks
    // A block is copied only where it lies in several chunks.
    const bytes = first !== undefined && first.length >= length ? first : Buffer.concat(this.#chunks)
    if (bytes !== first) this.#chunks = [bytes]
    this.#chunks[0] = bytes.subarray(length)
    if (bytes.length === length) this.#chunks.shift()
    this.#waitingBytes -= length
    this.#offset += length
    return bytes.subarray(0, length)
  }

  #checkMagic(bytes: Buffer): void {
    if (bytes.equals(MAGIC)) return
    const isCut = bytes.length < MAGIC.length && bytes.equals(MAGIC.subarray(0, bytes.length))
    const got = bytes.length === 0 ? 'an empty file' : isCut ? `${bytes.length} bytes` : 'something else'
    throw new DumpError('ERR_DUMP_FORMAT', `Expected a dump (${this.#name}), got ${got}`)
  }

  #stop(expected: string, got: string): null {
    this.#damage = {offset: this.#blockOffset, expected, got}
    this.#chunks = []
    this.#waitingBytes = 0
    return null
  }
}

function inHex(checksum: number): string {
  return checksum.toString(16).padStart(8, '0')
}
