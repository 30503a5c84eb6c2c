import {deflateSync} from 'node:zlib'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {makeFiller, VALUE_MIN_BYTES} from '../../../src/engine/data/value-format.js'
import {ValueReader} from '../../../src/engine/verify/value-reader.js'
import {ValueWriter} from '../../../src/engine/verify/value-writer.js'

const LARGEST = 5000
const runId = 0xfeed_beef
const filler = makeFiller(LARGEST)
const writer = new ValueWriter({runId, filler})

interface Written {
  key: number
  version: number
  writer: number
  size: number
}

function render(value: Written, by = writer): Buffer {
  const buffer = Buffer.alloc(value.size)
  expect(by.render(buffer, 0, value)).toBe(buffer.length)
  return buffer
}

function read(bytes: Uint8Array, {key, cuts = []}: {key: number; cuts?: readonly number[]}): ValueReader {
  const reader = new ValueReader({runId, filler})
  reader.begin(key, bytes.length)
  let at = 0
  for (const cut of [...cuts.map(cut => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length]) {
    reader.push(bytes, at, cut)
    at = cut
  }
  return reader
}

const values = fc.record({
  key: fc.integer({min: 1, max: 100_000_000}),
  version: fc.integer({min: 1, max: 2 ** 31 - 1}),
  writer: fc.integer({min: 0, max: 9999}),
  size: fc.integer({min: VALUE_MIN_BYTES, max: LARGEST}),
})

describe('a value', () => {
  test('says what it is, in whatever pieces it comes', () => {
    fc.assert(
      fc.property(values, fc.array(fc.nat(LARGEST), {maxLength: 5}), (value, cuts) => {
        const {isWellFormed, fields} = read(render(value), {key: value.key, cuts})
        expect(isWellFormed).toBe(true)
        expect(fields).toEqual({...value, runId, writer: value.size >= 24 ? value.writer : 0})
      }),
    )
  })

  test('is written where it belongs and nowhere else', () => {
    const buffer = Buffer.alloc(200, 0xaa)
    expect(writer.render(buffer, 50, {key: 1, version: 1, writer: 0, size: 100})).toBe(150)
    expect(buffer.subarray(0, 50)).toEqual(Buffer.alloc(50, 0xaa))
    expect(buffer.subarray(150)).toEqual(Buffer.alloc(50, 0xaa))
  })

  test.each([8, 9, 23, 24, 25, 64, 300])('of %d bytes with any one bit changed is damaged', size => {
    const bytes = render({key: 77, version: 5, writer: 3, size})
    for (let bit = 0; bit < size * 8; bit++) {
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      expect(read(bytes, {key: 77}).isWellFormed, `bit ${bit}`).toBe(false)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
    }
    expect(read(bytes, {key: 77}).isWellFormed).toBe(true)
  })

  test('cut, lengthened or shifted is damaged', () => {
    const bytes = render({key: 77, version: 5, writer: 3, size: 100})
    for (let size = 0; size < 100; size++) {
      expect(read(bytes.subarray(0, size), {key: 77}).isWellFormed).toBe(false)
      expect(read(bytes.subarray(100 - size), {key: 77}).isWellFormed).toBe(false)
    }
    expect(read(Buffer.concat([bytes, Buffer.of(0)]), {key: 77}).isWellFormed).toBe(false)
    const shifted = Buffer.concat([bytes.subarray(0, 50), Buffer.of(0), bytes.subarray(50, 99)])
    expect(read(shifted, {key: 77}).isWellFormed).toBe(false)
  })

  test('with the end of another is damaged', () => {
    for (let version = 1; version < 1000; version++) {
      const one = render({key: 77, version, writer: 3, size: 100})
      const other = render({key: 77, version: version + 1, writer: 3, size: 100})
      const mixed = Buffer.concat([one.subarray(0, 60), other.subarray(60)])
      expect(read(mixed, {key: 77}).isWellFormed).toBe(false)
    }
  })

  test('of zeros or of text is no value', () => {
    for (const size of [0, 1, 7, 8, 24, 1000]) {
      expect(read(Buffer.alloc(size), {key: 1}).isWellFormed).toBe(false)
      expect(read(Buffer.alloc(size, 'x'), {key: 1}).isWellFormed).toBe(false)
    }
  })

  test('of another key or run says so when it is whole, and is damaged when it is short', () => {
    const other = new ValueWriter({runId: 1, filler})
    expect(read(render({key: 8, version: 1, writer: 0, size: 24}), {key: 7})).toMatchObject({
      isWellFormed: true,
      fields: {key: 8, runId},
    })
    expect(read(render({key: 7, version: 1, writer: 0, size: 24}, other), {key: 7})).toMatchObject({
      isWellFormed: true,
      fields: {key: 7, runId: 1},
    })
    expect(read(render({key: 8, version: 1, writer: 0, size: 23}), {key: 7}).isWellFormed).toBe(false)
    expect(read(render({key: 7, version: 1, writer: 0, size: 23}, other), {key: 7}).isWellFormed).toBe(false)
  })

  test('of another run may be larger than any of this one', () => {
    const large = makeFiller(100_000)
    const bytes = render({key: 7, version: 1, writer: 0, size: 100_000}, new ValueWriter({runId: 1, filler: large}))
    expect(read(bytes, {key: 7})).toMatchObject({isWellFormed: true, fields: {runId: 1, size: 100_000}})
  })

  test('can not be compressed', () => {
    for (let version = 1; version <= 50; version++) {
      expect(deflateSync(render({key: 1, version, writer: 0, size: 1024})).length).toBeGreaterThan(1024)
    }
  })
})
