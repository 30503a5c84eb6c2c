import {expect, it} from 'vitest'
import {toPrintable} from '../../src/protocol/printable.js'

it.each([
  ['VALUE key1 0 3', 'VALUE key1 0 3'],
  ['grün ✓', 'grün ✓'],
  ['a\x1b[2Jb', 'a\\x1b[2Jb'],
  ['a\u202eb', 'a\\xe2\\x80\\xaeb'],
  ['tab\there', 'tab\\x09here'],
])('prints %j as %j', (text, printed) => {
  expect(toPrintable(Buffer.from(text))).toBe(printed)
})

it('escapes every byte above ASCII when the whole is no UTF-8', () => {
  expect(toPrintable(Uint8Array.of(0x61, 0xff, 0xc3, 0xbc, 0x00))).toBe('a\\xff\\xc3\\xbc\\x00')
})
