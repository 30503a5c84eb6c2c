import {messageOf} from '../../../protocol/errors.js'
import {unpackContent} from './block-content.js'
import {BlockCutter, type CutBlock} from './block-cutter.js'
import type {BlockKind} from './block-format.js'
import type {Damage} from './dump-error.js'

/** A block with its content as it was before it was compressed. */
export interface ReadBlock {
  readonly kind: BlockKind
  /** Of the block in the file. */
  readonly offset: number
  readonly content: Buffer
}

interface ReadOptions {
  /** Of the file, for messages. */
  readonly name: string
  readonly chunks: AsyncIterable<Buffer>
  readonly onBytes?: ((bytes: number) => void) | undefined
}

/** So many blocks are decompressed while the one before them is used. */
const BLOCKS_AHEAD = 2

/**
 * The blocks of a dump, in their order, up to the first damage.
 * @returns the damage; null = the dump is whole
 * @throws DumpError for something else than a dump, or when this Node.js has no zstd
 */
export async function* readBlocks({name, chunks, onBytes}: ReadOptions): AsyncGenerator<ReadBlock, Damage | null> {
  const cutter = new BlockCutter(name)
  const ahead: Promise<ReadBlock | Damage>[] = []
  for await (const block of cutBlocks(cutter, chunks, onBytes)) {
    const read = readBlock(block)
    // It is awaited only when its turn comes.
    read.catch(() => {})
    ahead.push(read)
    if (ahead.length <= BLOCKS_AHEAD) continue
    const next = await ahead.shift()!
    if ('got' in next) return next
    yield next
  }
  for (const each of ahead) {
    const next = await each
    if ('got' in next) return next
    yield next
  }
  return cutter.damage
}

async function* cutBlocks(
  cutter: BlockCutter,
  chunks: AsyncIterable<Buffer>,
  onBytes: ReadOptions['onBytes'],
): AsyncGenerator<CutBlock, void> {
  try {
    for await (const chunk of chunks) {
      onBytes?.(chunk.length)
      yield* cutter.push(chunk)
      if (cutter.damage !== null) return
    }
    cutter.end()
  } catch (error) {
    // What has come before a disk or a pipe fails is whole.
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    cutter.fail(`not readable any more (${messageOf(error)})`)
  }
}

async function readBlock({offset, ...block}: CutBlock): Promise<ReadBlock | Damage> {
  const content = await unpackContent(block)
  if (typeof content !== 'string') return {kind: block.kind, offset, content}
  return {offset, expected: `a block of ${block.rawBytes} bytes`, got: content}
}
