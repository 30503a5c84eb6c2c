import {expect, test} from 'vitest'
import type {Difference} from '../../../src/engine/checks/compare-items.js'
import {diffNodes} from '../../../src/engine/checks/diff-nodes.js'
import {NodeUnreadableError} from '../../../src/engine/errors.js'
import type {Address} from '../../../src/protocol/address.js'
import {ask} from '../../helpers/ask.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {startFakeMemcached} from '../../helpers/fake-memcached.js'
import {startMemcached} from '../../helpers/memcached.js'

async function set(address: Address, key: string, value: string, {flags = 0, exptime = 0} = {}): Promise<void> {
  expect(await ask(address, `set ${key} ${flags} ${exptime} ${value.length}\r\n${value}`)).toBe('STORED\r\n')
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
  const run = diffNodes({a, b: silent.address, silenceMs: 50})
  await expect(run).rejects.toThrow(NodeUnreadableError)
  await expect(run).rejects.toThrow('silence for 50 ms')
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
    return line.startsWith('get ') ? 'VALUE a 0 1\r\nx\r\nEND\r\n' : 'ERROR\r\n'
  })
  const result = await diffNodes({a: old.address, b: old.address, settleMs: 1})
  expect(result).toMatchObject({keys: 3, same: 1, onNeither: 2, exptimes: true, listedInPart})
})
