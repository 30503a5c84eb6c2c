import {promisify} from 'node:util'
// As a whole: Node.js before 22.15 has no zstd.
import * as zlib from 'node:zlib'
import type {BlockKind, Compression, StoredBlock} from './block-format.js'
import {DumpError} from './dump-error.js'

// More gains little: measured with JSON values of 1 KB, level 1 has 169 MB/s on one core, level 3 has 116, for 4 % less.
const LEVEL = 1

/** The least that Node.js takes. */
const CHUNK_MIN_BYTES = 64
/** A wrong length must not take memory. */
const CHUNK_MAX_BYTES = 4 * 1024 * 1024

const NEWER_NODE = 'Node.js 22.15 or later'

/** Whether this Node.js has zstd. */
function hasZstd(): boolean {
  return typeof zlib.zstdCompress === 'function'
}

/** Compresses on a thread of Node.js's pool; what does not get smaller stays as it is. */
export async function packContent(kind: BlockKind, content: Buffer, compression: Compression): Promise<StoredBlock> {
  const rawBytes = content.length
  if (compression === 'zstd') {
    const stored = await promisify(zlib.zstdCompress)(content, {
      params: {[zlib.constants.ZSTD_c_compressionLevel]: LEVEL},
      // One job of the thread for each block.
      chunkSize: Math.min(256 * 1024, zstdBound(rawBytes)),
    })
    if (stored.length < rawBytes) return {kind, compression, rawBytes, stored}
  }
  return {kind, compression: 'none', rawBytes, stored: content}
}

/**
 * The content of a block. @returns what is there instead, in words, when it is damaged
 * @throws DumpError when this Node.js has no zstd
 */
export async function unpackContent({compression, rawBytes, stored}: StoredBlock): Promise<Buffer | string> {
  if (compression === 'none') return stored.length === rawBytes ? stored : ofLength(stored.length, rawBytes)
  if (!hasZstd()) throw new DumpError('ERR_DUMP_ZSTD', `Expected ${NEWER_NODE} for zstd, got ${process.version}`)
  try {
    // One byte more shows that there is more.
    const limits = {
      maxOutputLength: rawBytes + 1,
      chunkSize: Math.min(CHUNK_MAX_BYTES, Math.max(CHUNK_MIN_BYTES, rawBytes + 1)),
    }
    const content = await promisify(zlib.zstdDecompress)(stored, limits)
    return content.length === rawBytes ? content : ofLength(content.length, rawBytes)
  } catch (error) {
    return `zstd that can't be decompressed (${(error as NodeJS.ErrnoException).code})`
  }
}

/** @throws DumpError when zstd is asked for and this Node.js lacks it */
export function chooseCompression(asked: Compression | undefined): Compression {
  if (asked !== 'zstd' || hasZstd()) return asked ?? (hasZstd() ? 'zstd' : 'none')
  throw new DumpError('ERR_DUMP_ZSTD', `Expected ${NEWER_NODE} for zstd, got ${process.version}; use none`)
}

/** ZSTD_COMPRESSBOUND, and some more for small blocks. */
function zstdBound(bytes: number): number {
  return bytes + (bytes >> 8) + 512
}

function ofLength(got: number, expected: number): string {
  return `${got} bytes of content instead of ${expected}`
}
