import fc from 'fast-check'
import {describe, expect, it} from 'vitest'
import {messageOf, RepbenchError} from '../../src/protocol/errors.js'
import {
  fromPrintable,
  printable,
  printableLines,
  quoted,
  quotedLines,
  toJson,
  toPrintable,
} from '../../src/protocol/printable.js'
import {hazardsIn, hostileText} from '../helpers/terminal-hazards.js'

/** Any text, with much of what is dangerous in it. */
const anyText = fc
  .array(fc.oneof(fc.string({unit: 'binary'}), fc.constantFrom(...hostileText), fc.constant('\n')), {maxLength: 30})
  .map(pieces => pieces.join(''))

it.each([
  ['VALUE key1 0 3', 'VALUE key1 0 3'],
  ['grün ✓', 'grün ✓'],
  ['a\x1b[2Jb', 'a\\x1b[2Jb'],
  ['a\u202eb', 'a\\xe2\\x80\\xaeb'],
  ['tab\there', 'tab\\x09here'],
])('prints %j as %j', (text, printed) => {
  expect(toPrintable(Buffer.from(text))).toBe(printed)
  expect(printable(text)).toBe(printed)
})

it('escapes every byte above ASCII when the text is not UTF-8', () => {
  expect(toPrintable(Uint8Array.of(0x61, 0xff, 0xc3, 0xbc, 0x00))).toBe('a\\xff\\xc3\\xbc\\x00')
})

describe('any text', () => {
  it('escapes everything that could change a terminal, and nothing else', () => {
    fc.assert(
      fc.property(anyText, text => {
        const line = printable(text)
        expect(hazardsIn(line)).toEqual([])
        expect(line).not.toContain('\n')
        expect(printable(line)).toBe(line)
        expect(hazardsIn(printableLines(text))).toEqual([])
        expect(printableLines(text).split('\n')).toEqual(text.split('\n').map(printable))
      }),
    )
  })

  it('writes JSON that says the same and is safe to print', () => {
    fc.assert(
      fc.property(anyText, fc.constantFrom(0, 2), (text, indent) => {
        const json = toJson({text, [`key ${text}`]: [text]}, {indent})
        expect(hazardsIn(json)).toEqual([])
        expect(JSON.parse(json)).toEqual({text, [`key ${text}`]: [text]})
      }),
    )
  })

  it('renders bytes so that they can be restored', () => {
    fc.assert(
      fc.property(fc.uint8Array(), bytes => {
        expect(hazardsIn(toPrintable(bytes))).toEqual([])
        expect(fromPrintable(toPrintable(bytes))).toEqual(Buffer.from(bytes))
      }),
    )
  })
})

describe('a quotation', () => {
  it('is of bounded length for any text', () => {
    fc.assert(
      fc.property(anyText, fc.integer({min: 1, max: 40}), (text, most) => {
        for (const shown of [quoted(text, {most}), quoted(Buffer.from(text), {most}), quotedLines(text, {most})]) {
          expect(hazardsIn(shown)).toEqual([])
          expect(shown.length).toBeLessThanOrEqual(most + '…'.length)
        }
      }),
    )
  })

  it.each<[string | Buffer, number, string]>([
    ['short', 5, 'short'],
    ['longer', 5, 'longe…'],
    [Buffer.alloc(8192, 'A'), 4, 'AAAA…'],
    [Buffer.from('grün'), 3, 'gr…'],
    ['a🙂b', 2, 'a…'],
    ['abc\x1b', 5, 'abc…'],
  ])('of %j has at most %d characters', (text, most, shown) => {
    expect(quoted(text, {most})).toBe(shown)
  })
})

it('makes every message of an error safe to print and short', () => {
  const said = `${hostileText}\n${'A'.repeat(8192)}`
  for (const message of [new RepbenchError('ERR_TEST', said).message, messageOf(new Error(said)), messageOf(said)]) {
    expect(hazardsIn(message)).toEqual([])
    expect(message.length).toBeLessThan(1100)
  }
})
