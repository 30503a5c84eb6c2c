import {itemBytes, type StoredItem} from '../items/stored-item.js'
import type {ItemSink, NotSeen} from '../pump.js'
import {packContent} from './block-content.js'
import {type BlockKind, type Compression, MAGIC, renderBlock, type StoredBlock} from './block-format.js'
import {type DumpHeader, renderEnd, renderHeader} from './dump-documents.js'
import type {DumpOutput} from './dump-output.js'
import {RecordPacker} from './item-records.js'

/** What both forms of a dump are written through. */
export interface DumpSink extends ItemSink {
  /** Writes the end, with what the source could not hand over. @throws DumpError */
  complete(notSeen: NotSeen): Promise<void>
  /** Ends without it. @returns the file in which the items so far are kept; null where there is none */
  interrupt(): Promise<string | null>
}

interface DumpFileOptions {
  readonly output: DumpOutput
  readonly header: DumpHeader
  readonly compression: Compression
}

/** So many blocks are compressed while the one before them is written. */
const BLOCKS_AHEAD = 2

/** Writes a dump. */
export class DumpFileSink implements DumpSink {
  readonly #output: DumpOutput
  readonly #compression: Compression
  readonly #packer = new RecordPacker()
  readonly #ahead: {readonly packed: Promise<StoredBlock>; readonly content: Buffer}[] = []
  #items = 0
  #bytes = 0

  private constructor({output, compression}: DumpFileOptions) {
    this.#output = output
    this.#compression = compression
  }

  /** Writes the header. @throws DumpError */
  static async begin(options: DumpFileOptions): Promise<DumpFileSink> {
    const sink = new DumpFileSink(options)
    await options.output.write(MAGIC)
    await sink.#put('header', renderHeader(options.header))
    await sink.#drain(0)
    return sink
  }

  async write(items: readonly StoredItem[]): Promise<void> {
    for (const item of items) {
      for (const content of this.#packer.add(item)) await this.#put('items', content)
      this.#items++
      this.#bytes += itemBytes(item)
    }
  }

  async complete(notSeen: NotSeen): Promise<void> {
    await this.#flush()
    const end = {items: this.#items, bytes: this.#bytes, notSeen, endedAt: new Date().toISOString()}
    await this.#put('end', renderEnd(end))
    await this.#drain(0)
    await this.#output.complete()
  }

  async interrupt(): Promise<string | null> {
    await this.#flush()
    await this.#drain(0)
    return await this.#output.interrupt()
  }

  async #flush(): Promise<void> {
    for (const content of this.#packer.take()) await this.#put('items', content)
  }

  async #put(kind: BlockKind, content: Buffer): Promise<void> {
    // Too small to gain.
    const packed = packContent(kind, content, kind === 'items' ? this.#compression : 'none')
    packed.catch(() => {})
    this.#ahead.push({packed, content})
    await this.#drain(BLOCKS_AHEAD)
  }

  async #drain(left: number): Promise<void> {
    while (this.#ahead.length > left) {
      const {packed, content} = this.#ahead.shift()!
      const [head, stored] = renderBlock(await packed)
      await this.#output.write(head)
      await this.#output.write(stored)
      this.#packer.reuse(content)
    }
  }
}
