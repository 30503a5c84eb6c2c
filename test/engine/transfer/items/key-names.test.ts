import {expect, test} from 'vitest'
import {canBeNamedInText} from '../../../../src/engine/transfer/items/key-names.js'

test.each([
  ['a key without blanks', 'k'.repeat(250), true, true],
  ['a key with a blank', 'a b', false, true],
  // 249 bytes of base64 would be 252.
  ['the longest that base64 names in 250 bytes', ' '.repeat(186), false, true],
  ['one byte more', ' '.repeat(187), false, false],
  ['the longest key', ' '.repeat(250), false, false],
])('%s', (_, key, byText, byMeta) => {
  expect(canBeNamedInText(key, {hasMeta: false})).toBe(byText)
  expect(canBeNamedInText(key, {hasMeta: true})).toBe(byMeta)
})
