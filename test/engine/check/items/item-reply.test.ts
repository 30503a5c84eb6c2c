import {describe, expect, test} from 'vitest'
import {VALUE_MAX_BYTES} from '../../../../src/ask/ask-limits.js'
import {ItemReply} from '../../../../src/engine/check/items/item-reply.js'

/** Somewhere in a larger chunk, as the lines of a reply stand. */
const BEFORE = 'END\r\n'

function replyTo(keys: readonly string[], keptMaxBytes = 100) {
  const refused: string[] = []
  const reply = new ItemReply({keys, keptMaxBytes, refuse: got => refused.push(got)})
  const begin = (key: string, flags: number, size: number): void => {
    const line = `VALUE ${key} ${flags} ${size}`
    const bytes = Buffer.from(`${BEFORE}${line}\r\n`)
    reply.onValue(bytes, BEFORE.length, BEFORE.length + line.length, size)
  }
  const take = (key: string, flags: number, ...pieces: readonly string[]): void => {
    begin(key, flags, pieces.join('').length)
    for (const piece of pieces)
      reply.onData(Buffer.from(`${BEFORE}${piece}\r\n`), BEFORE.length, BEFORE.length + piece.length)
  }
  const held = () => reply.items.map(item => item && [item.flags, item.value.toString()])
  return {reply, refused, begin, take, held}
}

describe('items of a reply', () => {
  test('stand at the places of their keys, put together from pieces', () => {
    const {take, held, reply, refused} = replyTo(['a', 'b', 'c'])
    take('a', 0, 'on', 'e')
    take('c', 4_294_967_295, 'three')
    expect(held()).toEqual([[0, 'one'], null, [4_294_967_295, 'three']])
    expect([reply.keptBytes, reply.passedOver, refused]).toEqual([8, [], []])
  })

  test('may come in any order', () => {
    const {take, held, refused} = replyTo(['a', 'b', 'c'])
    take('c', 3, 'C')
    take('a', 1, 'A')
    take('b', 2, 'B')
    expect([held(), refused]).toEqual([
      [
        [1, 'A'],
        [2, 'B'],
        [3, 'C'],
      ],
      [],
    ])
  })

  test('are told apart where one key begins as another', () => {
    const {take, held} = replyTo(['aa', 'a', 'b'])
    take('a', 1, 'x')
    expect(held()).toEqual([null, [1, 'x'], null])
  })

  test('are refused where nobody asked for them, and the second time', () => {
    const {begin, take, held, reply, refused} = replyTo(['ab', 'b'])
    for (const key of ['a', 'abc', 'x']) begin(key, 0, 1)
    take('b', 7, '1')
    begin('b', 0, 1)
    expect([held(), reply.passedOver]).toEqual([[null, [7, '1']], []])
    expect(refused).toHaveLength(4)
    expect(refused[3]).toBe("an item that was not asked for: 'VALUE b 0 1'")
  })
})

describe('values of a reply', () => {
  test('are kept up to a limit; the others are to be asked for again', () => {
    const {take, held, reply} = replyTo(['a', 'b', 'c', 'd'], 5)
    take('a', 1, '123')
    take('b', 2, '45', '6')
    take('c', 3, '78')
    take('d', 4, '9')
    expect(held()).toEqual([[1, '123'], null, [3, '78'], null])
    expect([reply.passedOver, reply.keptBytes]).toEqual([[1, 3], 5])
  })

  test('are kept beyond it where nothing else is kept', () => {
    const {take, held, reply} = replyTo(['a', 'b'], 5)
    take('a', 1, '1234567')
    expect([held(), reply.passedOver]).toEqual([[[1, '1234567'], null], []])
  })

  test('larger than any item are refused', () => {
    const {begin, take, reply, refused} = replyTo(['a', 'b', 'c'])
    take('a', 0, 'x')
    begin('b', 0, VALUE_MAX_BYTES)
    expect([reply.passedOver, refused]).toEqual([[1], []])
    begin('c', 0, VALUE_MAX_BYTES + 1)
    expect(refused).toEqual([
      `a value of ${VALUE_MAX_BYTES + 1} bytes, more than ${VALUE_MAX_BYTES}: 'VALUE c 0 ${VALUE_MAX_BYTES + 1}'`,
    ])
    expect(reply.passedOver).toEqual([1])
  })
})
