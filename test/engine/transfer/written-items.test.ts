import fc from 'fast-check'
import {expect, it} from 'vitest'
import {WrittenItems} from '../../../src/engine/transfer/written-items.js'

const item = (key: string, text = '', flags = 0) => ({key, flags, value: Buffer.from(text)})

it('remembers keys and contents, the last ones of each key', () => {
  const written = new WrittenItems(10)
  written.add(item('a', 'x', 1))
  expect(written.hasKey(item('a'))).toBe(true)
  expect(written.hasKey(item('b'))).toBe(false)
  expect(written.has(item('a', 'x', 1))).toBe(true)
  for (const other of [item('a', 'y', 1), item('a', 'x', 2), item('b', 'x', 1)]) expect(written.has(other)).toBe(false)
  written.add(item('a', 'y', 2))
  expect(written.has(item('a', 'x', 1))).toBe(false)
  expect(written.has(item('a', 'y', 2))).toBe(true)
})

it('remembers as many as it is told, and finds them all', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({minLength: 1}), {minLength: 1, maxLength: 50}), keys => {
      const written = new WrittenItems(keys.length)
      for (const key of keys) written.add(item(key, `of ${key}`))
      for (const key of keys) expect(written.has(item(key, `of ${key}`))).toBe(true)
      written.add(item(`${keys.join()} and one more`))
      expect(written.hasKey(item(`${keys.join()} and one more`))).toBe(false)
      // What is known is kept up to date all the same.
      written.add(item(keys[0]!, 'new'))
      expect(written.has(item(keys[0]!, 'new'))).toBe(true)
    }),
  )
})
