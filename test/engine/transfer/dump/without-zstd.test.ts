import {expect, test, vi} from 'vitest'
import {chooseCompression} from '../../../../src/engine/transfer/dump/block-content.js'
import {DumpFileSink} from '../../../../src/engine/transfer/dump/dump-file-sink.js'
import {allSeen} from '../../../../src/engine/transfer/pump.js'
import {dumpOf, header, item, MemoryOutput, readDump} from './dumps.js'

// As Node.js before 22.15.
vi.mock('node:zlib', async original => {
  const zlib = await original<typeof import('node:zlib')>()
  return {...zlib, zstdCompress: undefined, zstdDecompress: undefined}
})

/** A block with `a` and 200 bytes, made by a Node.js that has zstd. */
const BLOCK = '4901b8561c000000db0000000fbb45cc28b52ffd00489d0000500100c8000000616162630200421dc5398005'

test('dumps are not compressed', async () => {
  expect(chooseCompression(undefined)).toBe('none')
  expect(chooseCompression('none')).toBe('none')
  const output = new MemoryOutput()
  const sink = await DumpFileSink.begin({output, header, compression: chooseCompression(undefined)})
  await sink.write([item('a', Buffer.alloc(1000))])
  await sink.complete(allSeen)
  expect((await readDump(output.bytes)).items.map(({key}) => key)).toEqual(['a'])
})

test('zstd is refused in one line, to write and to read', async () => {
  const line = `Expected Node.js 22.15 or later for zstd, got ${process.version}`
  expect(() => chooseCompression('zstd')).toThrow(`${line}; use none`)
  const dump = await dumpOf([], {compression: 'none'})
  const begin = dump.subarray(0, 8 + 16 + dump.readUInt32LE(8 + 4))
  await expect(readDump(Buffer.concat([begin, Buffer.from(BLOCK, 'hex')]))).rejects.toThrow(line)
})
