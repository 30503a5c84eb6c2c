import {describe, expect, it, test} from 'vitest'
import {BlockCutter} from '../../../../src/engine/transfer/dump/block-cutter.js'
import {type Compression, HEAD_BYTES, MAGIC, renderBlock} from '../../../../src/engine/transfer/dump/block-format.js'
import {renderEnd, renderHeader} from '../../../../src/engine/transfer/dump/dump-documents.js'
import {DumpError} from '../../../../src/engine/transfer/dump/dump-error.js'
import {RecordPacker} from '../../../../src/engine/transfer/dump/item-records.js'
import type {StoredItem} from '../../../../src/engine/transfer/items/stored-item.js'
import {allSeen} from '../../../../src/engine/transfer/pump.js'
import {chunksOf, header, item, readDump} from './dumps.js'

/** A dump with each item in a block of its own, and where the blocks begin. */
function smallDump(items: readonly StoredItem[]): {dump: Buffer; starts: number[]; itemStarts: number[]} {
  const end = {items: items.length, bytes: 0, notSeen: allSeen, endedAt: header.startedAt}
  const blocks = [
    block('header', renderHeader(header)),
    ...items.map(each => block('items', contentOf([each]))),
    block('end', renderEnd(end)),
  ]
  const lengths = blocks.map(({length}) => length)
  const starts = lengths.map((_, index) => lengths.slice(0, index).reduce((sum, length) => sum + length, MAGIC.length))
  return {dump: Buffer.concat([MAGIC, ...blocks]), starts, itemStarts: starts.slice(1, -1)}
}

function block(kind: 'header' | 'items' | 'end', content: Buffer, compression: Compression = 'none'): Buffer {
  return Buffer.concat(renderBlock({kind, compression, rawBytes: content.length, stored: content}))
}

function contentOf(items: readonly StoredItem[]): Buffer {
  const packer = new RecordPacker()
  for (const each of items) packer.add(each)
  return Buffer.concat(packer.take())
}

/** What is read, or the message of the error. */
async function outcome(bytes: Buffer): Promise<{keys: string[]; damage: string | null} | string> {
  try {
    const {items, notSeen} = await readDump(chunksOf(bytes, 50))
    return {keys: items.map(({key}) => key), damage: notSeen.damage}
  } catch (error) {
    if (error instanceof DumpError) return error.message
    throw error
  }
}

const items = [item('a'), item('b', 'x'), item('c', '')]
const {dump, starts, itemStarts} = smallDump(items)

/** The block in which a byte is. */
const blockStart = (at: number): number => starts.findLast(start => start <= at) ?? 0
const keysBefore = (at: number): string[] =>
  items.filter((_, index) => (itemStarts[index + 1] ?? starts.at(-1)!) <= at).map(({key}) => key)

describe('a small dump', () => {
  it('is whole', async () => {
    expect(await outcome(dump)).toEqual({keys: ['a', 'b', 'c'], damage: null})
  })

  it.each([0x01, 0x80, 0xff])(
    'with any byte changed by %i is read up to there, and the damage is named',
    async bits => {
      for (let at = 0; at < dump.length; at++) {
        const bytes = Buffer.from(dump)
        bytes[at]! ^= bits
        const found = await outcome(bytes)
        if (at < MAGIC.length) expect(found).toBe('Expected a dump (x.dump), got something else')
        else if (at < itemStarts[0]!)
          expect(found).toMatch(/^x\.dump is damaged before its first item: .*at byte 8, got/)
        else {
          const damage = expect.stringContaining(` at byte ${blockStart(at)}, got `)
          expect({at, found}).toEqual({at, found: {keys: keysBefore(at), damage}})
        }
      }
    },
  )

  it('cut anywhere is read up to there, and the cut is named', async () => {
    for (let length = 0; length < dump.length; length++) {
      const found = await outcome(dump.subarray(0, length))
      if (length < MAGIC.length) expect(found).toMatch(/^Expected a dump \(x\.dump\), got (an empty file|\d bytes)$/)
      else if (length < itemStarts[0]!) expect(found).toMatch(/at byte 8, got the end of the file/)
      else {
        const start = blockStart(length)
        const damage = expect.stringContaining(` at byte ${start}, got the end of the file`)
        expect({length, found}).toEqual({length, found: {keys: keysBefore(length), damage}})
      }
    }
  })
})

describe('the damage', () => {
  const first = itemStarts[0]!
  const withBlock = (bytes: Buffer): Buffer => Buffer.concat([dump.subarray(0, first), bytes])
  const badRecord = (change: (content: Buffer) => void): Buffer => {
    const content = contentOf([item('a'), item('b')])
    change(content)
    return withBlock(block('items', content))
  }

  it.each<[string, Buffer, string]>([
    ['in a head', flipped(first + 4), 'expected the head of a block at byte FIRST, got '],
    ['in a content', flipped(first + HEAD_BYTES + 3), 'expected a block with checksum '],
    [
      'of a cut head',
      dump.subarray(0, first + 9),
      'expected a block at byte FIRST, got the end of the file after 9 bytes of it',
    ],
    [
      'of a cut block',
      dump.subarray(0, first + 20),
      'expected a block of 29 bytes at byte FIRST, got the end of the file after 20 bytes of it',
    ],
    [
      'after the end',
      Buffer.concat([dump, Buffer.from('x')]),
      `expected the end of the file at byte ${dump.length}, got more bytes after the last block`,
    ],
    [
      'of a second header',
      withBlock(block('header', renderHeader(header))),
      'expected items at byte FIRST, got a second header',
    ],
    [
      'of an end of other items',
      withBlock(dump.subarray(starts.at(-1)!)),
      'expected the end of 0 items at byte FIRST, got that of 3',
    ],
    [
      'of an end that is none',
      withBlock(block('end', Buffer.from('{}'))),
      "expected the end of a dump at byte FIRST, got 'items' that is none",
    ],
    [
      'of an end without JSON',
      withBlock(block('end', Buffer.from('{'))),
      'expected the end of a dump at byte FIRST, got ',
    ],
    [
      'of no zstd',
      withBlock(block('items', contentOf([item('a')]), 'zstd')),
      "got zstd that can't be decompressed (ZSTD_error_prefix_unknown)",
    ],
    [
      'of other lengths',
      withBlock(Buffer.concat(renderBlock({kind: 'items', compression: 'none', rawBytes: 9, stored: Buffer.alloc(8)}))),
      'expected a block of 9 bytes at byte FIRST, got 8 bytes of content',
    ],
    [
      'of a record without a key',
      badRecord(content => content.writeUInt16LE(0, 0)),
      'expected items at byte FIRST, got item 1 with a key of 0 bytes',
    ],
    [
      'of a record with a long key',
      badRecord(content => content.writeUInt16LE(300, 0)),
      'expected items at byte FIRST, got an item that is cut',
    ],
    [
      'of a record with half an exptime',
      badRecord(content => content.writeDoubleLE(1.5, 6)),
      'expected items at byte FIRST, got item 1 with exptime 1.5',
    ],
    [
      'of a record that is too long',
      badRecord(content => content.writeUInt32LE(1000, 14)),
      'expected items at byte FIRST, got an item that is cut after 0 whole ones',
    ],
    [
      'of a record that is cut',
      withBlock(block('items', contentOf([item('a'), item('b')]).subarray(0, 30))),
      'expected items at byte FIRST, got an item that is cut after 1 whole ones',
    ],
  ])('%s is told', async (_, bytes, text) => {
    const found = await outcome(bytes)
    const damage = typeof found === 'string' ? found : found.damage
    expect(damage).toContain(text.replace('FIRST', String(first)))
  })

  it('is told where a long key is in a long block', async () => {
    const bytes = badRecord(content => content.writeUInt16LE(251, 0))
    expect(await outcome(bytes)).toMatchObject({keys: []})
  })

  function flipped(at: number): Buffer {
    const bytes = Buffer.from(dump)
    bytes[at]! ^= 1
    return bytes
  }
})

test('a dump of a later schema is refused', async () => {
  const later = JSON.stringify({schema: 'repbench.dump-file/2'})
  const bytes = Buffer.concat([MAGIC, block('header', Buffer.from(later))])
  expect(await outcome(bytes)).toBe('Expected a dump of schema repbench.dump-file/1, got repbench.dump-file/2')
})

test('a header that lacks something is damage', async () => {
  const short = JSON.stringify({schema: 'repbench.dump-file/1', version: '0.1.0'})
  const bytes = Buffer.concat([MAGIC, block('header', Buffer.from(short))])
  expect(await outcome(bytes)).toContain(
    "x.dump is damaged before its first item: expected the header of a dump at byte 8, got 'server' that is none",
  )
  const items = Buffer.concat([MAGIC, block('items', contentOf([item('a')]))])
  expect(await outcome(items)).toContain('expected the header of a dump at byte 8, got another block')
})

test('a disk that fails is the end of what can be read', async () => {
  async function* failing(): AsyncGenerator<Buffer> {
    yield dump.subarray(0, itemStarts[1]! + 3)
    throw Object.assign(new Error('EIO: i/o error, read'), {code: 'EIO', syscall: 'read'})
  }
  const {items, notSeen} = await readDump(failing())
  expect(items.map(({key}) => key)).toEqual(['a'])
  expect(notSeen.damage).toBe(
    `expected a block at byte ${itemStarts[1]}, got not readable any more (EIO: i/o error, read)`,
  )
})

test('an interrupt is none', async () => {
  async function* interrupted(): AsyncGenerator<Buffer> {
    yield dump.subarray(0, itemStarts[1]!)
    throw new DOMException('stopped', 'AbortError')
  }
  await expect(readDump(interrupted())).rejects.toThrow('stopped')
})

test('nothing comes of what is pushed after damage', () => {
  const cutter = new BlockCutter('x.dump')
  const bytes = Buffer.from(dump)
  bytes[itemStarts[1]! + 4]! ^= 1
  expect(cutter.push(bytes).map(({offset}) => offset)).toEqual([8, itemStarts[0]])
  const {damage} = cutter
  expect(damage?.offset).toBe(itemStarts[1])
  expect(cutter.push(dump)).toEqual([])
  cutter.end()
  cutter.fail('gone')
  expect(cutter.damage).toBe(damage)
})
