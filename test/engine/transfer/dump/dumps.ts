import type {Compression} from '../../../../src/engine/transfer/dump/block-format.js'
import type {DumpHeader} from '../../../../src/engine/transfer/dump/dump-documents.js'
import {DumpFileSink} from '../../../../src/engine/transfer/dump/dump-file-sink.js'
import {openDumpFile} from '../../../../src/engine/transfer/dump/dump-file-source.js'
import type {DumpOutput} from '../../../../src/engine/transfer/dump/dump-output.js'
import type {StoredItem} from '../../../../src/engine/transfer/items/stored-item.js'
import {allSeen, type NotSeen} from '../../../../src/engine/transfer/pump.js'

export const header: DumpHeader = {
  version: '0.1.0',
  server: '10.0.0.1:11211',
  serverVersion: '1.6.21',
  startedAt: '2026-11-28T10:00:00.000Z',
  clockAheadSeconds: 0,
}

export function item(
  key: string,
  value: string | Buffer = `value of ${key}`,
  more: Partial<StoredItem> = {},
): StoredItem {
  return {key, flags: 0, expiresAt: 0, cas: null, value: Buffer.from(value), ...more}
}

/** Keeps what is written. */
export class MemoryOutput implements DumpOutput {
  readonly chunks: Buffer[] = []
  isComplete = false

  async write(bytes: Buffer): Promise<void> {
    this.chunks.push(Buffer.from(bytes))
  }

  async complete(): Promise<void> {
    this.isComplete = true
  }

  async interrupt(): Promise<string> {
    return 'kept'
  }

  get bytes(): Buffer {
    return Buffer.concat(this.chunks)
  }
}

interface DumpParts {
  readonly compression?: Compression
  readonly notSeen?: NotSeen
}

/** A whole dump of the batches given. */
export async function dumpOf(
  batches: readonly (readonly StoredItem[])[],
  {compression = 'zstd', notSeen = allSeen}: DumpParts = {},
): Promise<Buffer> {
  const output = new MemoryOutput()
  const sink = await DumpFileSink.begin({output, header, compression})
  for (const batch of batches) await sink.write(batch)
  await sink.complete(notSeen)
  return output.bytes
}

/** The bytes in chunks of so many. */
export async function* chunksOf(bytes: Buffer, size = bytes.length): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

/** What is read from a dump. */
export async function readDump(
  chunks: AsyncIterable<Buffer> | Buffer,
): Promise<{header: DumpHeader; items: StoredItem[]; notSeen: NotSeen}> {
  const source = await openDumpFile({name: 'x.dump', chunks: Buffer.isBuffer(chunks) ? chunksOf(chunks) : chunks})
  const items: StoredItem[] = []
  const batches = source.batches()
  for (;;) {
    const next = await batches.next()
    if (next.done === true) return {header: source.header, items, notSeen: next.value}
    items.push(...next.value)
  }
}
