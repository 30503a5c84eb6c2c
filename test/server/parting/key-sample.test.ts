import {beforeEach, describe, expect, it} from 'vitest'
import {readKeys, sampleKeys} from '../../../src/server/parting/key-sample.js'
import {FakeAskedNode} from '../../helpers/fake-asked-node.js'

const {now, startedAt} = FakeAskedNode
let node: FakeAskedNode

beforeEach(() => {
  node = new FakeAskedNode()
})

const keysOf = (prefix: string, count: number) => Array.from({length: count}, (_, index) => `${prefix}${index}`)

describe('a sample of keys', () => {
  it('has of each slab class its share, at least one', async () => {
    node.put(keysOf('a', 30)).put(keysOf('b', 9), {value: 'v', slabClass: 2}).put(['c'], {value: 'v', slabClass: 17})
    expect(await sampleKeys(node.connection, 10)).toEqual([...keysOf('a', 8), ...keysOf('b', 3), 'c'])
    expect(node.asked.slice(2)).toEqual(['stats cachedump 1 248', 'stats cachedump 2 243', 'stats cachedump 17 241'])
  })

  it('is all there is where that is less', async () => {
    node.put(keysOf('a', 3))
    expect(await sampleKeys(node.connection, 100)).toEqual(keysOf('a', 3))
  })

  it('asks for no class without items, and for nothing that is no class', async () => {
    node.answers['stats items'] = [
      'STAT items:1:number 0',
      'STAT items:2:number 1',
      'STAT items:2:age 5',
      'STAT items:3:number_hot 5',
      'STAT xitems:4:number 5',
      'STAT items:5:number x',
      'END',
    ]
    await sampleKeys(node.connection, 10)
    expect(node.asked.slice(2)).toEqual(['stats cachedump 2 250'])
  })

  it.each(['stats', 'stats items'])('is nothing where a node does not answer %s', async command => {
    node.put(['a'])
    node.answers[command] = ['ERROR']
    expect(await sampleKeys(node.connection, 10)).toEqual([])
    expect(node.asked).toHaveLength(2)
  })

  it('is nothing of a node without items', async () => {
    expect(await sampleKeys(node.connection, 10)).toEqual([])
  })

  it('has no key that expires soon, and those that never do or have long to live', async () => {
    const expiring = {
      never: startedAt,
      late: startedAt + 2,
      expired: startedAt + 3,
      soon: now + 10,
      later: now + 11,
    }
    for (const [key, expiresAt] of Object.entries(expiring)) node.put([key], {value: 'v', expiresAt})
    expect(await sampleKeys(node.connection, 10)).toEqual(['never', 'late', 'later'])
  })

  it('takes a node without a clock for one that has just started at 0', async () => {
    node.answers['stats items'] = ['STAT items:1:number 3', 'END']
    node.answers['stats cachedump'] = ['ITEM a [1 b; 2 s]', 'ITEM b [1 b; 3 s]', 'ITEM c [1 b; 11 s]', 'END']
    node.answers.stats = ['STAT version 1', 'END']
    expect(await sampleKeys(node.connection, 10)).toEqual(['a', 'c'])
    node.answers.stats = ['STAT time 5', 'END']
    expect(await sampleKeys(node.connection, 10)).toEqual(['a', 'b'])
  })

  it('has none of our own keys, and they take no other’s place', async () => {
    node.put(keysOf('repbench:probe:', 100)).put(['k1', 'k2', 'k3', 'xrepbench:'])
    expect(await sampleKeys(node.connection, 4)).toEqual(['k1', 'k2', 'k3', 'xrepbench:'])
  })

  it('has no value over 64 KiB', async () => {
    node
      .put(['a'], {value: 'v'.repeat(65_536)})
      .put(['b'], {value: 'v'.repeat(65_537)})
      .put(['c'])
    expect(await sampleKeys(node.connection, 10)).toEqual(['a', 'c'])
  })

  it('has values of 1 MiB together, and small ones that still fit', async () => {
    node.put(keysOf('a', 16), {value: 'v'.repeat(65_536)})
    expect(await sampleKeys(node.connection, 100)).toHaveLength(16)
    node.put(['b'], {value: 'v'})
    expect(await sampleKeys(node.connection, 100)).not.toContain('b')
    node.put(['a0'], {value: 'v'.repeat(65_535)})
    node.put(['large'], {value: 'v'.repeat(60_000)}).put(['c'], {value: 'v'})
    expect((await sampleKeys(node.connection, 100)).slice(-2)).toEqual(['a15', 'b'])
  })

  it('reads no line that is no item', async () => {
    node.answers['stats items'] = ['STAT items:1:number 9', 'END']
    node.answers['stats cachedump'] = [
      'ITEM a [1 b; 0 s]',
      'ITEM b [1 b; 0 s] ',
      ' ITEM c [1 b; 0 s]',
      'ITEM d e [1 b; 0 s]',
      'ITEM f [x b; 0 s]',
      'ITEM g [12 b; 1200000 s]',
      'END',
    ]
    expect(await sampleKeys(node.connection, 9)).toEqual(['a', 'g'])
  })
})

describe('what a node holds', () => {
  it('is flags and value of each key, and null where there is nothing', async () => {
    node.put(['a'], {value: 'one', flags: 4_000_000_007}).put(['b'], {value: 'END\r\n'}).put(['c'], {value: ''})
    const held = await readKeys(node.connection, ['a', 'none', 'b', 'c'])
    expect([...held]).toEqual([
      ['a', '4000000007 one'],
      ['none', null],
      ['b', '0 END\r\n'],
      ['c', '0 '],
    ])
  })

  it('is asked for twenty keys at a time', async () => {
    const keys = keysOf('k', 41)
    for (const [index, key] of keys.entries()) node.put([key], {value: `${index}`.repeat(index)})
    const held = await readKeys(node.connection, keys)
    expect([...held.values()]).toEqual(keys.map((_, index) => `0 ${`${index}`.repeat(index)}`))
    expect(node.asked.map(request => request.split(' ').length - 1)).toEqual([20, 20, 1])
  })

  it('is nothing for no keys, and no key for another answer', async () => {
    expect((await readKeys(node.connection, [])).size).toBe(0)
    expect(node.asked).toEqual([])
    node.answers.get = ['SERVER_ERROR xVALUE a 0 1', 'VALUE a 0 1 9', 'VALUE a 0 x', 'END']
    expect([...(await readKeys(node.connection, ['a']))]).toEqual([['a', null]])
  })
})
