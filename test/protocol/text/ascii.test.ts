import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {
  readSigned,
  readUnsigned,
  readUnsigned64,
  writeDecimal,
  writeDecimal64,
} from '../../../src/protocol/text/ascii.js'

const read = (text: string) => readUnsigned(Buffer.from(text), 0, text.length)

describe('decimals', () => {
  it('reads back every safe integer that it wrote', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), value => {
        const bytes = Buffer.alloc(24)
        const end = writeDecimal(bytes, 2, value)
        expect(bytes.toString('latin1', 2, end)).toBe(String(value))
        expect(readUnsigned(bytes, 2, end)).toBe(value)
      }),
    )
  })

  it('reads and writes 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({min: 0n, max: 2n ** 64n - 1n}), value => {
        const bytes = Buffer.alloc(24)
        const end = writeDecimal64(bytes, 0, Number(value >> 32n), Number(value & 0xffff_ffffn))
        expect(bytes.toString('latin1', 0, end)).toBe(String(value))
        expect(readUnsigned64(bytes, 0, end)).toBe(value)
      }),
    )
  })

  it.each(['', '-', 'x', '1x', ' 1', '1 ', '+1', '99999999999999999999'])('is NaN for %j', text => {
    expect(read(text)).toBeNaN()
  })

  it('reads a sign where one may stand', () => {
    expect(readSigned(Buffer.from('-12'), 0, 3)).toBe(-12)
    expect(readSigned(Buffer.from('--1'), 0, 3)).toBeNaN()
  })

  it.each(['18446744073709551616', '99999999999999999999', '1e3', '', '-1'])('has no 64 bits for %j', text => {
    expect(readUnsigned64(Buffer.from(text), 0, text.length)).toBeNull()
  })
})
