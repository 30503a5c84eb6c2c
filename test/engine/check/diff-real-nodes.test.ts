import {describe, expect, onTestFinished, test} from 'vitest'
import {AskError} from '../../../src/ask/ask-error.js'
import {diffNodes} from '../../../src/engine/check/diff-nodes.js'
import type {Difference} from '../../../src/engine/check/items/compare-items.js'
import type {Address} from '../../../src/protocol/address.js'
import {ask} from '../../helpers/ask.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {startMemcached} from '../../helpers/memcached.js'
import {startRepcached} from '../../helpers/repcached.js'
import {BinaryClient} from '../../instruments/binary-client.js'

async function set(address: Address, key: string, value: string, {flags = 0, exptime = 0} = {}): Promise<void> {
  expect(await ask(address, `set ${key} ${flags} ${exptime} ${value.length}\r\n${value}`)).toBe('STORED\r\n')
}

/** By a client of the binary protocol, which may put any bytes into a key. */
async function plant(address: Address, keys: readonly string[], value = 'odd', {flags = 0} = {}): Promise<void> {
  const client = await BinaryClient.open(address)
  for (const key of keys) await client.set(key, value, {flags})
  client.close()
}

async function fill(nodes: readonly Address[], count: number): Promise<void> {
  for (const node of nodes) for (let i = 0; i < count; i++) await set(node, `same:${i}`, `value ${i}`)
}

test('finds every planted difference, and nothing else', async () => {
  const {address: a} = await startEmbedded()
  const {address: b} = await startEmbedded()
  await fill([a, b], 250)
  for (let i = 0; i < 37; i++) await ask(b, `delete same:${i}`)
  for (let i = 40; i < 43; i++) await set(a, `same:${i}`, 'altered')
  await set(a, 'same:50', 'value 50', {flags: 2 ** 32 - 1})
  await set(b, 'only:b', 'x')
  await set(a, 'aging', 'x', {exptime: 100})
  await set(b, 'aging', 'x', {exptime: 1000})
  await set(a, 'immortal', 'x')
  await set(b, 'immortal', 'x', {exptime: 1000})
  await set(a, 'close', 'x', {exptime: 100})
  await set(b, 'close', 'x', {exptime: 101})

  const seen: Difference[] = []
  const result = await diffNodes({a, b, settleMs: 1, onDifference: difference => seen.push(difference)})
  expect(result).toMatchObject({
    keys: 254,
    differences: {missingOnA: 1, missingOnB: 37, value: 3, flags: 1, exptime: 2},
    same: 254 - 44,
    onNeither: 0,
    listedBy: ['A', 'B'],
    exptimes: true,
  })
  expect(seen).toHaveLength(44)
  expect(result!.examples).toHaveLength(10)
  expect(seen.find(({key}) => key === 'same:50')).toEqual({
    key: 'same:50',
    kind: 'flags',
    text: 'A has 4294967295, B has 0',
  })
})

test('does not count what was only on its way', async () => {
  const {address: a} = await startEmbedded()
  const {address: b} = await startEmbedded()
  await fill([a, b], 10)
  await ask(b, 'delete same:3')
  const late = setTimeout(() => void set(b, 'same:3', 'value 3'), 100)
  try {
    expect((await diffNodes({a, b, settleMs: 2000}))!.same).toBe(10)
  } finally {
    clearTimeout(late)
  }
})

test('a node that cannot list its keys is told apart from an empty one', async () => {
  const {address: a} = await startEmbedded()
  await fill([a], 5)
  const old = await startFakeMemcached(({method}) => (method === 'lru_crawler' ? 'ERROR\r\n' : 'END\r\n'))
  const result = await diffNodes({a, b: old.address, settleMs: 1})
  expect(result).toMatchObject({listedBy: ['A'], exptimes: false, differences: {missingOnB: 5}})
  expect(await diffNodes({a: old.address, b: old.address})).toBeNull()
  expect(await diffNodes({a, b: old.address, keys: ['same:1', 'never'], settleMs: 1})).toMatchObject({
    listedBy: ['keys'],
    differences: {missingOnB: 1},
    onNeither: 1,
  })
})

test('keys with bytes that the dump escapes, on an embedded node and on memcached', async () => {
  const {address: a} = await startEmbedded()
  const {address: b} = await startMemcached()
  for (const node of [a, b]) {
    await set(node, 'per%cent', '1')
    await set(node, 'a=b&c', '2')
    await set(node, '\u00e9t\u00e9', '3')
  }
  await set(a, 'x%y', 'here')
  const result = await diffNodes({a, b, settleMs: 1})
  expect(result).toMatchObject({keys: 4, same: 3, differences: {missingOnB: 1}})
})

test('a node that does not answer', async () => {
  const {address: a} = await startEmbedded()
  const silent = await startFakeMemcached(() => undefined)
  const run = diffNodes({a, b: silent.address, timeoutMs: 50})
  await expect(run).rejects.toThrow(AskError)
  await expect(run).rejects.toThrow('no reply within 50 ms')
})

test('keys that are no text are neither sent as commands nor passed over', async () => {
  const {address: a} = await startEmbedded()
  const {address: b} = await startEmbedded()
  await fill([a, b], 3)
  await plant(a, ['x\r\nflush_all', 'with blank'])
  await plant(b, ['with blank'])
  const result = await diffNodes({a, b, settleMs: 1})
  expect(result).toMatchObject({keys: 5, same: 4, unread: 0, differences: {missingOnB: 1}})
  expect(await ask(a, 'get same:0')).toContain('value 0')
})

test('waits for its turn where a node is busy with another list', async () => {
  const {address: a} = await startEmbedded()
  await fill([a], 1)
  let asked = 0
  const busy = await startFakeMemcached(({method, line}) => {
    if (method !== 'lru_crawler')
      return line.startsWith('get ') ? 'VALUE same:0 0 7\r\nvalue 0\r\nEND\r\n' : 'ERROR\r\n'
    return ++asked === 1 ? 'BUSY currently processing crawler request\r\n' : 'key=same:0 exp=-1 la=1\r\nEND\r\n'
  })
  expect(await diffNodes({a, b: busy.address})).toMatchObject({same: 1, listedBy: ['A', 'B'], listedInPart: []})
})

test('one node that lists its keys is enough where the other counts no more items', async () => {
  const {address: a} = await startEmbedded()
  await fill([a], 1)
  const counting = (items: number) =>
    startFakeMemcached(({line}) => {
      if (line === 'stats') return `STAT curr_items ${items}\r\nEND\r\n`
      return line.startsWith('get ') ? 'VALUE same:0 0 7\r\nvalue 0\r\nEND\r\n' : 'ERROR\r\n'
    })
  const alike = await counting(1)
  const fuller = await counting(2)
  expect(await diffNodes({a, b: alike.address})).toMatchObject({listedBy: ['A'], seenWhole: ['A', 'B']})
  expect(await diffNodes({a, b: fuller.address})).toMatchObject({same: 1, listedBy: ['A'], seenWhole: ['A']})
})

test.each([
  [3, []],
  [9, ['A', 'B']],
])('memcached 1.4 lists by cachedump: all of %i items, or a part', async (items, listedInPart) => {
  const dump = 'ITEM a [1 b; 1003 s]\r\nITEM b [1 b; 5000 s]\r\nITEM c [1 b; 1000 s]\r\nEND\r\n'
  const old = await startFakeMemcached(({line}) => {
    if (line === 'stats') return `STAT time 1010\r\nSTAT uptime 10\r\nSTAT curr_items ${items}\r\nEND\r\n`
    if (line === 'stats items') return 'STAT items:1:number 3\r\nEND\r\n'
    if (line === 'stats cachedump 1 0') return dump
    if (line === 'version') return 'VERSION 1.6.18\r\n'
    if (!line.startsWith('get ')) return 'ERROR\r\n'
    return line.split(' ').includes('a') ? 'VALUE a 0 1\r\nx\r\nEND\r\n' : 'END\r\n'
  })
  const result = await diffNodes({a: old.address, b: old.address, settleMs: 1})
  // `b` has expired; `c` never does, and yet is not there.
  expect(result).toMatchObject({keys: 3, same: 1, onNeither: 1, unread: 1, exptimes: true, listedInPart})
  expect(result!.unreadExamples).toEqual(['c'])
  expect(result!.seenWhole).toEqual(listedInPart.length > 0 ? [] : ['A', 'B'])
})

const repcached = async (): Promise<Address> => {
  const {address, stop} = await startRepcached()
  onTestFinished(stop)
  return address
}

describe.each([
  ['embedded nodes', async () => (await startEmbedded()).address, true],
  ['memcached', async () => (await startMemcached()).address, true],
  ['repcached', repcached, process.env.REPCACHED_BIN !== undefined],
] as const)('keys that text cannot name, on %s', (_, start, isThere) => {
  const odd = ['cr\r\nlf', 'with blank', 'tab\there', 'del\u007f', ' ', 'END\r\n', 'x\r\nITEM y', 'flush_all\r\n']
  const text = ['\u00fcn\u00ef\u2603', 'plain']

  test.runIf(isThere)('alike on both nodes they are a pass', async () => {
    const [a, b] = [await start(), await start()]
    await fill([a, b], 30)
    for (const node of [a, b]) await plant(node, [...odd, ...text])
    const result = await diffNodes({a, b, settleMs: 1})
    expect(result).toMatchObject({keys: 40, same: 40, unread: 0, onNeither: 0, seenWhole: ['A', 'B']})
  })

  test.runIf(isThere)('every planted difference is found, under them and under others', async () => {
    const [a, b] = [await start(), await start()]
    await fill([a, b], 30)
    for (const node of [a, b]) await plant(node, [...odd, ...text])
    await set(a, 'same:1', 'other')
    await ask(b, 'delete same:2')
    await ask(a, 'delete same:3')
    await set(b, 'same:4', 'value 4', {flags: 7})
    await plant(a, ['cr\r\nlf'], 'ODD')
    await plant(b, ['with blank'], 'odd', {flags: 9})
    await plant(b, ['only\r\nb'])
    const result = await diffNodes({a, b, settleMs: 1})
    expect(result).toMatchObject({
      keys: 41,
      same: 34,
      unread: 0,
      differences: {value: 2, flags: 2, missingOnA: 2, missingOnB: 1, exptime: 0},
    })
    expect(result!.examples.map(({kind}) => kind)).toEqual([
      ...['value', 'value', 'flags', 'flags'],
      ...['missingOnA', 'missingOnA', 'missingOnB'],
    ])
    expect(await ask(a, 'get same:0')).toContain('value 0')
  })
})

test.runIf(process.env.REPCACHED_BIN !== undefined)(
  'a key that the list cuts off is named, and leaves the rest unknown',
  async () => {
    const [a, b] = [await repcached(), await repcached()]
    await fill([a, b], 3)
    for (const node of [a, b]) await plant(node, ['nul\0byte'])
    const result = await diffNodes({a, b, settleMs: 1})
    expect(result).toMatchObject({keys: 4, same: 3, unread: 1, unreadExamples: ['nul'], onNeither: 0})
  },
)

describe('a node that does not speak the binary protocol', () => {
  const key = 'with blank'
  const list = `key=${encodeURIComponent(key)} exp=-1 la=1\r\nEND\r\n`
  const base64 = Buffer.from(key).toString('base64')

  test('is asked by meta commands, with the key in base64', async () => {
    const seen: string[] = []
    const server = await startFakeMemcached(({method, line}) => {
      seen.push(line)
      if (method === 'lru_crawler') return list
      if (line === 'mn') return 'MN\r\n'
      return line === `mg ${base64} b f v` ? 'VA 3 b f5\r\nabc\r\n' : 'ERROR\r\n'
    })
    const {address: b} = await startEmbedded()
    await plant(b, [key], 'abc', {flags: 5})
    expect(await diffNodes({a: server.address, b, settleMs: 1})).toMatchObject({keys: 1, same: 1, unread: 0})
    expect(seen.some(line => line.includes(key))).toBe(false)
  })

  test('and no meta commands leaves the key unread, named, never sent as a command', async () => {
    const old = await startFakeMemcached(({method}) => (method === 'lru_crawler' ? list : 'ERROR\r\n'))
    const {address: b} = await startEmbedded()
    await plant(b, [key])
    const result = await diffNodes({a: old.address, b, settleMs: 1})
    expect(result).toMatchObject({keys: 1, same: 0, unread: 1, unreadExamples: [key]})
  })
})
