import fc from 'fast-check'
import {expect, test} from 'vitest'
import {readDump} from '../../../../src/engine/check/items/slab-dump.js'

const entry = (key: string, seconds = 7): string => `ITEM ${key} [3 b; ${seconds} s]\r\n`

test.each([
  ['nothing', 'END\r\n', []],
  ['plain keys', `${entry('a')}${entry('b', 9)}END\r\n`, ['a', 'b']],
  ['a line end', `${entry('a\r\nb')}${entry('c')}END\r\n`, ['a\r\nb', 'c']],
  ['blanks and brackets', `${entry(' a [1 b; x')}END\r\n`, [' a [1 b; x']],
  ['an end that is none', `${entry('END\r\n')}END\r\n`, ['END\r\n']],
])('a dump with %s', (_, text, keys) => {
  expect(readDump(text)?.map(({key}) => key)).toEqual(keys)
})

test('what is no dump is none', () => {
  for (const text of ['ERROR\r\n', 'CLIENT_ERROR bad\r\n', '']) expect(readDump(text)).toBeNull()
})

test('whatever bytes are in the keys, all of them are read', () => {
  const keys = fc.array(
    fc.string({unit: 'binary-ascii', minLength: 1, maxLength: 20}).filter(key => !/ s\]\r\n|^ITEM /.test(key)),
  )
  fc.assert(
    fc.property(keys, all => {
      expect(readDump(`${all.map(key => entry(key)).join('')}END\r\n`)?.map(({key}) => key)).toEqual(all)
    }),
  )
})
