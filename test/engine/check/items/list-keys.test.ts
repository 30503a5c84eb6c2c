import {describe, expect, test} from 'vitest'
import {ItemConnection} from '../../../../src/engine/check/items/item-connection.js'
import {countItems, eachKey, listKeys} from '../../../../src/engine/check/items/list-keys.js'
import {noRequests} from '../../../../src/engine/measure/request-counts.js'
import {type FakeMemcached, startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'

/** A server that counts few items and lists keys until nobody reads any more. */
function listingWithoutEnd(metadump: boolean) {
  return startFakeMemcached(({line, socket}) => {
    if (line === 'version') return 'VERSION 1.4.13\r\n'
    if (line === 'stats') return 'STAT time 1010\r\nSTAT uptime 10\r\nSTAT curr_items 3\r\nEND\r\n'
    if (line === 'stats items') return 'STAT items:1:number 3\r\nEND\r\n'
    if (line.startsWith('lru_crawler') && !metadump) return 'ERROR\r\n'
    const piece = (metadump ? 'key=k exp=-1 la=1 cas=1 fetch=no cls=1 size=60\r\n' : 'ITEM k [5 b; 0 s]\r\n').repeat(
      500,
    )
    const more = (): void => {
      if (socket.writable && socket.write(piece)) setImmediate(more)
    }
    socket.on('drain', more)
    more()
    return undefined
  })
}

/** A server with a reply to each command line; any other line is an error. */
function replying(replies: Readonly<Record<string, string>>): Promise<FakeMemcached> {
  return startFakeMemcached(({line}) => replies[line] ?? 'ERROR\r\n')
}

const METADUMP = 'lru_crawler metadump hash'
const rest = 'la=1 cas=1 fetch=no cls=1 size=60'

test('a list of keys without end is not read beyond what a node can hold that counts so few', async () => {
  const {address} = await listingWithoutEnd(true)
  await expect(listKeys(address)).rejects.toMatchObject({
    code: 'ERR_ASK_TOO_LONG',
    got: 'a reply of more than 10006 lines',
  })
})

test('so is a dump of a slab class', async () => {
  const {address} = await listingWithoutEnd(false)
  await expect(listKeys(address)).rejects.toMatchObject({
    code: 'ERR_ASK_TOO_LONG',
    got: 'an answer of more than 8388608 bytes',
  })
})

describe('a node that lists its keys by metadump', () => {
  async function listed(...lines: readonly string[]) {
    const {address} = await replying({
      stats: 'STAT curr_items 1\r\nEND\r\n',
      [METADUMP]: `${lines.map(line => `${line}\r\n`).join('')}END\r\n`,
    })
    const {keys, extent} = await listKeys(address)
    return {keys: [...keys], extent}
  }

  test('tells their exptimes, and bytes of keys as a URL does', async () => {
    expect(
      await listed(
        `key=plain exp=-1 ${rest}`,
        `key=a%20b%3ac exp=5000 ${rest}`,
        `key=%c3%a9 exp=0 ${rest}`,
        `key=x%3a exp=12345678901 ${rest}`,
      ),
    ).toEqual({
      keys: [
        ['plain', 0],
        ['a b:c', 5000],
        ['\u00c3\u00a9', 0],
        ['x:', 12_345_678_901],
      ],
      extent: 'all',
    })
  })

  test('lists no key longer than a key can be, and none in lines of another kind', async () => {
    const longest = '%41'.repeat(250)
    expect(
      await listed(
        `key=${'x'.repeat(800)} exp=-1 ${rest}`,
        `key=${longest}x exp=-1 ${rest}`,
        `key=${longest} exp=7 ${rest}`,
        'key=without-exptime la=1',
        `STAT key=x exp=-1 ${rest}`,
      ),
    ).toEqual({keys: [['A'.repeat(250), 7]], extent: 'all'})
  })

  test('lists as many as it likes where it does not count them', async () => {
    const keys = Array.from({length: 17_000}, (_, index) => `key=k${index} exp=-1 ${rest}\r\n`).join('')
    const {address} = await replying({stats: 'ERROR\r\n', [METADUMP]: `${keys}END\r\n`})
    const list = await listKeys(address)
    expect([list.keys.size, list.extent]).toEqual([17_000, 'all'])
  })

  test('and is busy is asked again, 50 times, a tenth of a second apart', async () => {
    const clock = new ScriptedClock()
    const busy = await replying({stats: 'END\r\n', [METADUMP]: 'BUSY currently processing crawler request\r\n'})
    expect(await listKeys(busy.address)).toEqual({keys: new Map(), extent: 'none'})
    expect(busy.requests.filter(({line}) => line === METADUMP)).toHaveLength(51)
    expect(clock.waitsMs).toEqual(Array.from({length: 50}, () => 100))
  })

  test('and is busy once is asked no more than that', async () => {
    const clock = new ScriptedClock()
    let asked = 0
    const {address} = await startFakeMemcached(({line}) => {
      if (line !== METADUMP) return 'END\r\n'
      return ++asked === 1 ? 'BUSY\r\n' : `key=k exp=-1 ${rest}\r\nEND\r\n`
    })
    expect(await listKeys(address)).toMatchObject({extent: 'all'})
    expect([asked, clock.waitsMs]).toEqual([2, [100]])
  })

  test('is not waited for after an interrupt', async () => {
    const clock = new ScriptedClock()
    const stop = new AbortController()
    clock.onWait = () => stop.abort(new Error('stopped'))
    const {address} = await replying({stats: 'END\r\n', [METADUMP]: 'BUSY\r\n'})
    await expect(listKeys(address, {signal: stop.signal})).rejects.toThrow('stopped')
    expect(clock.waitsMs).toEqual([100])
  })
})

describe('a node that does not dump its table of items', () => {
  const LRU_METADUMP = 'lru_crawler metadump all'
  const way = async (replies: Readonly<Record<string, string>>) => {
    const node = await replying({stats: 'STAT curr_items 1\r\nEND\r\n', ...replies})
    const keys: string[] = []
    const listing = await eachKey(node.address, key => keys.push(key))
    return {keys, ...listing, asked: node.requests.map(({line}) => line).filter(line => line.startsWith('lru_'))}
  }
  const list = `key=k exp=-1 ${rest}\r\nEND\r\n`

  test.each([
    ['dumps its LRU lists', 'BADCLASS invalid class id\r\n', 'lru', [METADUMP, LRU_METADUMP]],
    ['has a table that can be dumped', list, 'hash', [METADUMP]],
  ])('%s', async (_, hash, expected, asked) => {
    expect(await way({[METADUMP]: hash, [LRU_METADUMP]: list})).toEqual({
      keys: ['k'],
      extent: 'all',
      way: expected,
      asked,
    })
  })

  test.each(['1.4.31', '1.4.39', '1.5.0', '1.5.3'])('%s: would not say where a dump ends', async version => {
    const stats = `STAT version ${version}\r\nSTAT time 1010\r\nSTAT uptime 10\r\nSTAT curr_items 2\r\nEND\r\n`
    expect(
      await way({
        stats,
        version: 'VERSION 1.6.18\r\n',
        'stats items': 'STAT items:1:number 1\r\nEND\r\n',
        'stats cachedump 1 0': 'ITEM k [1 b; 0 s]\r\nEND\r\n',
      }),
    ).toEqual({keys: ['k'], extent: 'some', way: 'slabs', asked: []})
  })

  test.each(['1.4.40', '1.5.4', '1.5.22', '1.6.45'])('%s: does', async version => {
    const stats = `STAT version ${version}\r\nSTAT curr_items 1\r\nEND\r\n`
    expect(await way({stats, [METADUMP]: list})).toMatchObject({way: 'hash', asked: [METADUMP]})
  })
})

test('a table that grows is asked for again', async () => {
  const clock = new ScriptedClock()
  let asked = 0
  const {address} = await startFakeMemcached(({line}) => {
    if (line !== METADUMP) return 'END\r\n'
    return ++asked === 1 ? 'OK\r\nERROR locked try again later\r\n' : `key=k exp=-1 ${rest}\r\nEND\r\n`
  })
  expect(await listKeys(address)).toMatchObject({extent: 'all'})
  expect([asked, clock.waitsMs]).toEqual([2, [100]])
})

test('a key that is longer than a key can be is not one: what was read behind it', async () => {
  const {address} = await replying({
    stats: 'STAT curr_items 2\r\nEND\r\n',
    [METADUMP]: `key=${'%20'.repeat(249)}\u00d4>V exp=-1 ${rest}\r\nkey=${'%20'.repeat(250)} exp=-1 ${rest}\r\nEND\r\n`,
  })
  expect([...(await listKeys(address)).keys.keys()]).toEqual([' '.repeat(250)])
})

describe('a node that lists its keys by cachedump', () => {
  const dumped = (...entries: readonly (readonly [key: string, seconds: number])[]) =>
    `${entries.map(([key, seconds]) => `ITEM ${key} [1 b; ${seconds} s]\r\n`).join('')}END\r\n`
  const old = (replies: Readonly<Record<string, string>>) =>
    replying({
      version: 'VERSION 1.6.18\r\n',
      stats: 'STAT time 1010\r\nSTAT uptime 10\r\nSTAT curr_items 4\r\nEND\r\n',
      'stats items':
        'STAT items:1:number 3\r\nSTAT items:1:age 9\r\nSTAT items:7:number_hot 1\r\nSTAT items:12:number 1\r\nEND\r\n',
      ...replies,
    })

  test('shows those of each slab class; what expires at its start never does', async () => {
    const node = await old({
      'stats cachedump 1 0': dumped(['a', 1000], ['b', 1002], ['c', 1003]),
      'stats cachedump 12 0': dumped(['d', 5000]),
    })
    const {keys, extent} = await listKeys(node.address)
    expect([...keys]).toEqual([
      ['a', 0],
      ['b', 0],
      ['c', 1003],
      ['d', 5000],
    ])
    expect(extent).toBe('all')
    const dumps = node.requests.filter(({line}) => line.startsWith('stats cachedump'))
    expect(dumps.map(({line}) => line)).toEqual(['stats cachedump 1 0', 'stats cachedump 12 0'])
  })

  test('starts at 0 where it tells neither its time nor for how long it has been up', async () => {
    const items = 'STAT items:1:number 2\r\nEND\r\n'
    const node = await old({
      stats: 'STAT curr_items 3\r\nEND\r\n',
      'stats items': items,
      'stats cachedump 1 0': dumped(['a', 2], ['b', 3]),
    })
    const {keys, extent} = await listKeys(node.address)
    expect([...keys]).toEqual([
      ['a', 0],
      ['b', 3],
    ])
    expect(extent).toBe('some')
  })

  test('is no longer connected after that, nor after a failure', async () => {
    const counts = noRequests()
    const node = await old({'stats cachedump 1 0': dumped(['a', 1000]), 'stats cachedump 12 0': dumped()})
    await listKeys(node.address, {requests: counts})
    expect(counts.connections).toBe(1)
    await turns()
    expect(node.sockets.size).toBe(0)
  })

  test.each<[string, Readonly<Record<string, string>>]>([
    ['does not know its statistics', {stats: 'ERROR\r\n'}],
    ['does not count its items', {stats: 'STAT time 1010\r\nEND\r\n'}],
    ['does not know its slab classes', {'stats items': 'ERROR\r\n'}],
    ['does not dump one of them', {'stats cachedump 1 0': dumped(['a', 1000]), 'stats cachedump 12 0': 'ERROR\r\n'}],
  ])('cannot list them when it %s', async (_, replies) => {
    const whole = {'stats cachedump 1 0': dumped(), 'stats cachedump 12 0': dumped()}
    const node = await old({...whole, ...replies})
    expect(await listKeys(node.address)).toEqual({keys: new Map(), extent: 'none'})
  })

  test('may hold no more than twice what it counts, and 10,000', async () => {
    const entries = (count: number) => dumped(...Array.from({length: count}, (_, index) => [`k${index}`, 0] as const))
    const node = (more: number) => old({'stats cachedump 1 0': entries(6000), 'stats cachedump 12 0': entries(more)})
    const {address: most} = await node(4008)
    expect(await listKeys(most)).toMatchObject({extent: 'all'})
    const {address: tooMany} = await node(4009)
    await expect(listKeys(tooMany)).rejects.toMatchObject({
      code: 'ERR_ASK_TOO_LONG',
      expected: 'keys',
      got: 'more than 10008 of them',
      address: tooMany,
    })
  })
})

test.each([
  ['STAT curr_items 17\r\nEND\r\n', 17],
  ['STAT pid 5\r\nnot a statistic\r\nEND\r\n', null],
  ['ERROR\r\n', null],
])('items that a node counts: %j', async (stats, items) => {
  const {address} = await replying({stats})
  const connection = new ItemConnection(address)
  expect(await countItems(connection)).toBe(items)
  connection.close()
})

test('a list that begins with OK, as the one of memcached 1.6.45 does, is read to its end', async () => {
  const line = (key: string): string => `key=${key} exp=-1 la=1 cas=1 fetch=no cls=1 size=60\r\n`
  for (const later of [false, true]) {
    const {address} = await startFakeMemcached(({line: asked, socket}) => {
      if (asked === 'stats') return 'STAT curr_items 2\r\nEND\r\n'
      const list = `${line('a')}${line('b')}END\r\n`
      if (!later) return `OK\r\n${list}`
      setImmediate(() => socket.write(list))
      return 'OK\r\n'
    })
    expect(await listKeys(address)).toEqual({
      keys: new Map([
        ['a', 0],
        ['b', 0],
      ]),
      extent: 'all',
    })
  }
})
