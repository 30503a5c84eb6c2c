import type {StoredItem} from '../items/stored-item.js'
import type {ItemSource, NotSeen} from '../pump.js'
import {batchLimits} from '../server-source.js'
import {type DumpHeader, readEnd, readHeader} from './dump-documents.js'
import {type Damage, DumpError, describeDamage} from './dump-error.js'
import {readRecords} from './item-records.js'
import {type ReadBlock, readBlocks} from './read-blocks.js'

interface DumpInput {
  /** Of the file, for messages. */
  readonly name: string
  /** A file or a stream such as the standard input, in chunks of any size. */
  readonly chunks: AsyncIterable<Buffer>
  /** Called with the length of each chunk. */
  readonly onBytes?: (bytes: number) => void
}

/**
 * Reads a dump as far as its header.
 * @throws DumpError for something else than a dump, or when this Node.js has no zstd
 */
export async function openDumpFile(input: DumpInput): Promise<DumpFileSource> {
  const blocks = readBlocks(input)
  const first = await blocks.next()
  if (first.done !== true && first.value.kind === 'header') {
    const header = readHeader(first.value.content)
    if (typeof header !== 'string') return new DumpFileSource(header, blocks)
    await blocks.return(null)
    throw headerDamaged(input.name, {offset: first.value.offset, expected: 'the header of a dump', got: header})
  }
  const other = {expected: 'the header of a dump', got: 'another block'}
  throw headerDamaged(input.name, first.done === true ? first.value! : {...other, offset: first.value.offset})
}

function headerDamaged(name: string, damage: Damage): DumpError {
  return new DumpError('ERR_DUMP_DAMAGED', `${name} is damaged before its first item: ${describeDamage(damage)}`)
}

/** The items of a dump, up to its end or to the first damage. */
export class DumpFileSource implements ItemSource {
  readonly header: DumpHeader
  readonly #blocks: AsyncGenerator<ReadBlock, Damage | null>
  #items = 0
  #exptimeUnknown = 0

  constructor(header: DumpHeader, blocks: AsyncGenerator<ReadBlock, Damage | null>) {
    this.header = header
    this.#blocks = blocks
  }

  /** Can be called once. */
  async *batches(): AsyncGenerator<readonly StoredItem[], NotSeen> {
    let notSeen: NotSeen | null = null
    try {
      for (;;) {
        const next = await this.#blocks.next()
        if (next.done === true) return next.value === null && notSeen !== null ? notSeen : this.#upTo(next.value!)
        const read = this.#read(next.value)
        if ('got' in read) return this.#upTo({...read, offset: next.value.offset})
        if ('notSeen' in read) notSeen = read.notSeen
        else
          for (let at = 0; at < read.length; at += batchLimits.keysMax) yield read.slice(at, at + batchLimits.keysMax)
      }
    } finally {
      await this.#blocks.return(null)
    }
  }

  #read({kind, content}: ReadBlock): readonly StoredItem[] | {notSeen: NotSeen} | Omit<Damage, 'offset'> {
    if (kind === 'end') return this.#readEnd(content)
    if (kind === 'header') return {expected: 'items', got: 'a second header'}
    const items = readRecords(content)
    if (typeof items === 'string') return {expected: 'items', got: items}
    this.#items += items.length
    for (const {expiresAt} of items) if (expiresAt === null) this.#exptimeUnknown++
    return items
  }

  #readEnd(content: Buffer): {notSeen: NotSeen} | Omit<Damage, 'offset'> {
    const end = readEnd(content)
    if (typeof end === 'string') return {expected: 'the end of a dump', got: end}
    if (end.items === this.#items) return end
    return {expected: `the end of ${this.#items} items`, got: `that of ${end.items}`}
  }

  /** What comes after damage is not seen. */
  #upTo(damage: Damage): NotSeen {
    const exptimeUnknown = this.#exptimeUnknown
    return {hidden: null, unreadable: 0, gone: 0, exptimeUnknown, damage: describeDamage(damage)}
  }
}
