import {describe, expect, test} from 'vitest'
import type {ServerFacts} from '../../../../src/engine/transfer/items/server-facts.js'
import {listServerKeys} from '../../../../src/engine/transfer/keys/list-server-keys.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'

const line = (key: string): string => `key=${key} exp=-1 la=1 cas=1 fetch=no cls=1 size=60\r\n`

/** A server that counts `items` and lists by its LRU lists, or its table, each time the next of `lists`. */
async function listed({items, lists, hash}: {items: number | null; lists: readonly string[][]; hash: boolean}) {
  let asked = 0
  const {address} = await startFakeMemcached(({line: command}) => {
    if (command === 'stats') return 'STAT version 1.6.18\r\nEND\r\n'
    if (command === 'lru_crawler metadump hash' && !hash) return 'BADCLASS invalid class id\r\n'
    if (!command.startsWith('lru_crawler')) return 'ERROR\r\n'
    return `${lists[Math.min(asked++, lists.length - 1)]!.map(line).join('')}END\r\n`
  })
  const facts = {address, program: 'memcached', items} as ServerFacts
  const {spool, hidden, way} = await listServerKeys(facts)
  const keys = [...spool.batches({keysMax: 10, bytesMax: 1e9})].flat().map(({key}) => key)
  spool.close()
  return {keys, hidden, way, rounds: asked}
}

describe('keys of a server that lists its LRU lists', () => {
  test('are asked for until all that it counts are there', async () => {
    const lists = [['a', 'b'], ['b', 'c'], ['c']]
    expect(await listed({items: 3, lists, hash: false})).toEqual({
      keys: ['a', 'b', 'c'],
      hidden: 0,
      way: 'metadump',
      rounds: 2,
    })
  })

  test('or a list brings nothing new: what it counts more is told', async () => {
    expect(await listed({items: 5, lists: [['a'], ['b'], ['a', 'b']], hash: false})).toMatchObject({
      keys: ['a', 'b'],
      hidden: 3,
      rounds: 3,
    })
  })

  test('four times at most', async () => {
    const lists = [['a'], ['b'], ['c'], ['d'], ['e']]
    expect(await listed({items: 9, lists, hash: false})).toMatchObject({hidden: 5, rounds: 4})
  })

  test('twice where it does not count them', async () => {
    expect(await listed({items: null, lists: [['a']], hash: false})).toMatchObject({hidden: null, rounds: 2})
  })
})

test('a table of all items is listed once, and nothing is missed', async () => {
  expect(await listed({items: 9, lists: [['a', 'b']], hash: true})).toEqual({
    keys: ['a', 'b'],
    hidden: 0,
    way: 'metadump',
    rounds: 1,
  })
})
