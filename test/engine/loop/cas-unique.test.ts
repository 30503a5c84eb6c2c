import {expect, test} from 'vitest'
import {CasUnique} from '../../../src/engine/loop/cas-unique.js'

const taken = (text: string, start = 0, end = text.length): string => {
  const unique = new CasUnique()
  unique.take(Buffer.from(text), start, end)
  return Buffer.from(unique.digits).toString()
}

test('the unique is the last word of the line', () => {
  expect(taken('VALUE key 0 5 18446744073709551615')).toBe('18446744073709551615')
  expect(taken('rest\r\nVALUE key 0 5 12\r\nmore', 6, 22)).toBe('12')
})

test('a line without a blank is taken from its start, and no more of it than a unique has', () => {
  expect(taken('xx 123', 3)).toBe('123')
  expect(taken('1'.repeat(30))).toBe('1'.repeat(20))
})

test('what was taken stays when the line has gone', () => {
  const line = Buffer.from('VALUE key 0 5 77')
  const unique = new CasUnique()
  unique.take(line, 0, line.length)
  line.fill(0)
  expect(Buffer.from(unique.digits).toString()).toBe('77')
  const next = Buffer.from('VALUE key 0 5 8')
  unique.take(next, 0, next.length)
  expect(Buffer.from(unique.digits).toString()).toBe('8')
})
