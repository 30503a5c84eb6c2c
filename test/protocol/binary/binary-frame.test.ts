import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {commandOf, isWellFormed} from '../../../src/protocol/binary/binary-command.js'
import {BinaryHeader, HEADER_BYTES, REQUEST_MAGIC} from '../../../src/protocol/binary/binary-frame.js'

const uint = (bits: number) => fc.nat(2 ** bits - 1)
const fields = fc.record({
  opcode: uint(8),
  keyBytes: uint(16),
  extrasBytes: uint(8),
  status: uint(16),
  bodyBytes: fc.integer({min: 0, max: 0xffff_ffff}),
  opaque: fc.integer({min: 0, max: 0xffff_ffff}),
  casHigh: fc.integer({min: 0, max: 0xffff_ffff}),
  casLow: fc.integer({min: 0, max: 0xffff_ffff}),
})

describe('BinaryHeader', () => {
  it('reads what it wrote, wherever it stands', () => {
    fc.assert(
      fc.property(fields, fc.nat(30), (header, at) => {
        const bytes = Buffer.alloc(HEADER_BYTES + at)
        expect(Object.assign(new BinaryHeader(), header).write(bytes, at, REQUEST_MAGIC)).toBe(at + HEADER_BYTES)
        const read = new BinaryHeader()
        read.read(bytes, at)
        expect({...read}).toEqual(header)
        expect(bytes[at]).toBe(REQUEST_MAGIC)
      }),
    )
  })

  it('has its fields where the protocol has them', () => {
    const header = new BinaryHeader()
    header.read(Buffer.from('8002000508000000000000120000abcd00000001000000ff', 'hex'), 0)
    expect({...header}).toEqual({
      opcode: 2,
      keyBytes: 5,
      extrasBytes: 8,
      status: 0,
      bodyBytes: 18,
      opaque: 0xabcd,
      casHigh: 1,
      casLow: 255,
    })
    expect(header.valueBytes).toBe(5)
  })
})

describe('isWellFormed', () => {
  const forms: readonly (readonly [opcode: number, keyBytes: number, extras: number, body: number, right: boolean])[] =
    [
      [0x00, 1, 0, 1, true],
      [0x00, 0, 0, 0, false],
      [0x00, 1, 0, 2, false],
      [0x00, 250, 0, 250, true],
      [0x00, 251, 0, 251, false],
      [0x01, 1, 8, 9, true],
      [0x01, 1, 8, 100, true],
      [0x01, 1, 8, 8, false],
      [0x01, 1, 4, 100, false],
      [0x05, 1, 20, 21, true],
      [0x05, 1, 20, 22, false],
      [0x08, 0, 0, 0, true],
      [0x08, 0, 4, 4, true],
      [0x08, 0, 8, 8, false],
      [0x0a, 0, 0, 0, true],
      [0x0a, 1, 0, 1, false],
      [0x0e, 3, 0, 3, true],
      [0x0e, 3, 0, 2, false],
      [0x10, 0, 0, 0, true],
      [0x10, 5, 0, 5, true],
      [0x1d, 1, 4, 5, true],
      [0x1d, 1, 0, 1, false],
      [0xee, 9, 9, 1000, true],
    ]

  it.each(forms)('opcode %d, key %d, extras %d, body %d: %s', (opcode, keyBytes, extrasBytes, bodyBytes, right) => {
    const header = Object.assign(new BinaryHeader(), {opcode, keyBytes, extrasBytes, bodyBytes})
    expect(isWellFormed(commandOf(opcode), header)).toBe(right)
  })
})
