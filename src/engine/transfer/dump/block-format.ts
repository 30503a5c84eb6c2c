import {crc32} from 'node:zlib'

// The format is described byte by byte in docs/data.md.

/** First bytes of every dump. */
export const MAGIC = Buffer.from('RBDUMP1\n', 'latin1')

export const HEAD_BYTES = 16

/** An items block holds as many items as fit into so much; a larger item has a block of its own. */
export const ITEMS_BLOCK_BYTES = 1024 * 1024

/** No block is larger, raw or stored: a wrong length must not take memory. */
export const BLOCK_MAX_BYTES = 128 * 1024 * 1024

const blockKinds = {header: 'H', items: 'I', end: 'E'} as const
export type BlockKind = keyof typeof blockKinds

const kindOfCode = new Map(
  (Object.keys(blockKinds) as BlockKind[]).map(kind => [blockKinds[kind].charCodeAt(0), kind] as const),
)

const compressions = ['none', 'zstd'] as const
export type Compression = (typeof compressions)[number]

/** A block as it stands in the file. */
export interface StoredBlock {
  readonly kind: BlockKind
  readonly compression: Compression
  /** Length of its content when it is not compressed. */
  readonly rawBytes: number
  readonly stored: Buffer
}

/** What stands before the bytes of a block. */
export interface BlockHead {
  readonly kind: BlockKind
  readonly compression: Compression
  readonly storedBytes: number
  readonly rawBytes: number
  readonly checksum: number
}

const CHECK_AT = 2

/** Head and bytes of a block, for the file. */
export function renderBlock({kind, compression, rawBytes, stored}: StoredBlock): readonly [Buffer, Buffer] {
  const head = Buffer.alloc(HEAD_BYTES)
  head[0] = blockKinds[kind].charCodeAt(0)
  head[1] = compressions.indexOf(compression)
  head.writeUInt32LE(stored.length, 4)
  head.writeUInt32LE(rawBytes, 8)
  head.writeUInt32LE(crc32(stored), 12)
  head.writeUInt16LE(headCheck(head), CHECK_AT)
  return [head, stored]
}

/** @returns what is wrong with the head, in words, when it is damaged */
export function readHead(bytes: Buffer): BlockHead | string {
  if (bytes.readUInt16LE(CHECK_AT) !== headCheck(bytes)) return `${bytes.toString('hex')}, whose check does not match`
  const kind = kindOfCode.get(bytes[0]!)
  const compression = compressions[bytes[1]!]
  if (kind === undefined) return `a block of the unknown kind ${bytes[0]}`
  if (compression === undefined) return `a block of the unknown compression ${bytes[1]}`
  const storedBytes = bytes.readUInt32LE(4)
  const rawBytes = bytes.readUInt32LE(8)
  if (Math.max(storedBytes, rawBytes) > BLOCK_MAX_BYTES) return `a block of ${Math.max(storedBytes, rawBytes)} bytes`
  return {kind, compression, storedBytes, rawBytes, checksum: bytes.readUInt32LE(12)}
}

/** Finds a damaged head at once, where a wrong length would have the rest of the file read first. */
function headCheck(head: Buffer): number {
  return crc32(head.subarray(CHECK_AT + 2), crc32(head.subarray(0, CHECK_AT))) & 0xffff
}
