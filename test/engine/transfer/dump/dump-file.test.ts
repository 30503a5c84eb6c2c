import {randomBytes} from 'node:crypto'
import {readFileSync} from 'node:fs'
import {crc32} from 'node:zlib'
import fc from 'fast-check'
import {describe, expect, it, test} from 'vitest'
import {BLOCK_MAX_BYTES, HEAD_BYTES} from '../../../../src/engine/transfer/dump/block-format.js'
import {DumpFileSink} from '../../../../src/engine/transfer/dump/dump-file-sink.js'
import type {StoredItem} from '../../../../src/engine/transfer/items/stored-item.js'
import {allSeen} from '../../../../src/engine/transfer/pump.js'
import {chunksOf, dumpOf, header, item, MemoryOutput, readDump} from './dumps.js'

const bytesOf = (max: number) => fc.uint8Array({maxLength: max}).map(bytes => Buffer.from(bytes))

const anyItem: fc.Arbitrary<StoredItem> = fc.record({
  key: fc.uint8Array({minLength: 1, maxLength: 250}).map(bytes => Buffer.from(bytes).toString('latin1')),
  flags: fc.nat(0xffff_ffff),
  expiresAt: fc.option(fc.oneof(fc.constant(0), fc.nat(), fc.maxSafeNat())),
  cas: fc.constant(null),
  value: bytesOf(3000),
})

describe('what is written', () => {
  it('is read again, however the chunks fall', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(anyItem, {maxLength: 5}), {maxLength: 5}),
        fc.constantFrom('none', 'zstd'),
        fc.integer({min: 1, max: 200}),
        async (batches, compression, chunk) => {
          const dump = await dumpOf(batches, {compression})
          expect(await readDump(chunksOf(dump, chunk))).toEqual({header, items: batches.flat(), notSeen: allSeen})
        },
      ),
      {numRuns: 60},
    )
  })

  it('fills several blocks, and gives a large item one of its own', async () => {
    const value = (size: number) => Buffer.alloc(size, 'v')
    const sizes = [400_000, 600_000, 100_000, 5_000_000, 1, 0, 2_000_000, 1_048_576, 1_048_555]
    const items = sizes.map((size, index) => item(`k${index}`, value(size)))
    for (const compression of ['none', 'zstd'] as const) {
      const dump = await dumpOf([items], {compression})
      const read = (await readDump(chunksOf(dump, 65_536))).items
      expect(read.map(({key}) => key)).toEqual(items.map(({key}) => key))
      expect(read.every((each, index) => each.value.equals(items[index]!.value))).toBe(true)
      const kinds = blocksOf(dump).map(({kind, rawBytes}) => [kind, rawBytes > 1_048_576])
      expect(kinds.filter(([kind]) => kind === 'I')).toEqual(
        [false, false, true, false, true, true, false].map(isLarge => ['I', isLarge]),
      )
    }
  })

  it('gets smaller by zstd, and stays as it is where zstd gains nothing', async () => {
    const random = randomBytes(4096)
    const blocks = blocksOf(await dumpOf([[item('a', random)]]))
    expect(blocks.map(({compression}) => compression)).toEqual([0, 0, 0])
    const repeated = blocksOf(await dumpOf([[item('a', Buffer.alloc(4096, 'abc'))]]))
    expect(repeated.map(({compression}) => compression)).toEqual([0, 1, 0])
    expect(repeated[1]!.storedBytes).toBeLessThan(100)
  })

  it('tells in its end what was not seen', async () => {
    const notSeen = {hidden: 7, unreadable: 1, gone: 2, exptimeUnknown: 1, damage: null}
    const dump = await dumpOf([[item('a', 'b', {expiresAt: null})]], {notSeen})
    expect((await readDump(dump)).notSeen).toEqual(notSeen)
  })

  it('is read up to where it was interrupted', async () => {
    const output = new MemoryOutput()
    const sink = await DumpFileSink.begin({output, header, compression: 'zstd'})
    await sink.write([item('a'), item('b', 'c', {expiresAt: null})])
    expect(await sink.interrupt()).toBe('kept')
    const {items, notSeen} = await readDump(output.bytes)
    expect(items.map(({key}) => key)).toEqual(['a', 'b'])
    const damage = `expected a block at byte ${output.bytes.length}, got the end of the file`
    expect(notSeen).toEqual({hidden: null, unreadable: 0, gone: 0, exptimeUnknown: 1, damage})
  })
})

test('the bytes of a dump are those of docs/data.md', async () => {
  const items = [
    item('plain', 'hello', {flags: 5}),
    item('\r\n\xff', '', {expiresAt: 1_800_000_000}),
    item('who knows', Buffer.from([0, 255]), {expiresAt: null, flags: 0xffff_ffff}),
  ]
  const output = new MemoryOutput()
  const sink = await DumpFileSink.begin({output, header, compression: 'none'})
  await sink.write(items)
  await sink.interrupt()
  const page = readFileSync(new URL('../../../../docs/data.md', import.meta.url), 'utf8')
  const golden = /^```hex\n(.*?)^```/ms.exec(page)![1]!.replaceAll(/#.*|\s/g, '')
  expect(output.bytes.toString('hex')).toBe(golden)
  expect((await readDump(Buffer.from(golden, 'hex'))).items).toEqual(items)
})

test('a large length takes no memory before the bytes are there', async () => {
  const dump = await dumpOf([[item('a')]])
  const [, second] = blocksOf(dump)
  const at = second!.offset
  for (const length of [BLOCK_MAX_BYTES, BLOCK_MAX_BYTES + 1, 0xffff_ffff]) {
    for (const field of [4, 8]) {
      const bytes = Buffer.from(dump)
      bytes.writeUInt32LE(length, at + field)
      mendHead(bytes, at)
      const before = process.memoryUsage().arrayBuffers
      const {items, notSeen} = await readDump(chunksOf(bytes, 100))
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * 1024 * 1024)
      expect(items).toEqual([])
      expect(notSeen.damage).toContain(`at byte ${at}, got`)
    }
  }
})

interface Block {
  readonly kind: string
  readonly compression: number
  readonly offset: number
  readonly storedBytes: number
  readonly rawBytes: number
}

/** By the page alone. */
function blocksOf(dump: Buffer): Block[] {
  const blocks: Block[] = []
  for (let offset = 8; offset < dump.length; ) {
    const storedBytes = dump.readUInt32LE(offset + 4)
    const rawBytes = dump.readUInt32LE(offset + 8)
    blocks.push({
      kind: String.fromCharCode(dump[offset]!),
      compression: dump[offset + 1]!,
      offset,
      storedBytes,
      rawBytes,
    })
    offset += HEAD_BYTES + storedBytes
  }
  return blocks
}

function mendHead(bytes: Buffer, at: number): void {
  const others = Buffer.concat([bytes.subarray(at, at + 2), bytes.subarray(at + 4, at + 16)])
  bytes.writeUInt16LE(crc32(others) & 0xffff, at + 2)
}
