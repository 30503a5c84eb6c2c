import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {decodeBase64Key} from '../../../src/protocol/text/base64-key.js'

function decode(text: string): Buffer | null {
  const target = Buffer.alloc(250)
  const bytes = Buffer.from(text, 'latin1')
  const length = decodeBase64Key(bytes, 0, bytes.length, target)
  return length === 0 ? null : target.subarray(0, length)
}

describe('a key in base64', () => {
  it('is what was encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array({minLength: 1, maxLength: 180}), key => {
        expect(decode(Buffer.from(key).toString('base64'))).toEqual(Buffer.from(key))
      }),
    )
  })

  it.each([
    ['Z!m9v', 'foo'],
    ['Zg==Zm9v', 'f'],
    ['', null],
    ['!', null],
    ['Zm9', null],
    ['Zg==Z', null],
    ['Z===', null],
    ['====', null],
  ])('in %j is %j, as in memcached', (text, key) => {
    expect(decode(text)?.toString() ?? null).toBe(key)
  })
})
