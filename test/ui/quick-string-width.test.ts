import fc from 'fast-check'
import stringWidth from 'string-width'
import {describe, expect, it} from 'vitest'
import quickStringWidth from '../../src/ui/quick-string-width.js'

describe('the quick string width', () => {
  it('agrees with string-width about every character of the basic plane', () => {
    const differing: string[] = []
    for (let code = 0; code <= 0xffff; code += 1) {
      const text = String.fromCharCode(code)
      if (quickStringWidth(text) !== stringWidth(text)) differing.push(code.toString(16))
    }
    expect(differing).toEqual([])
  })

  it('agrees about any text, with escape sequences among it', () => {
    const piece = fc.oneof(
      fc.string({unit: 'grapheme'}),
      fc.constantFrom('─│┌', '▁█', '\u001B[1;97;41m', '\u001B[0m', '\u001B['),
    )
    fc.assert(
      fc.property(fc.array(piece, {maxLength: 8}), pieces => {
        const text = pieces.join('')
        expect(quickStringWidth(text)).toBe(stringWidth(text))
      }),
    )
  })
})
