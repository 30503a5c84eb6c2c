import {describe, expect, onTestFinished, test} from 'vitest'
import {readServerFacts} from '../../../src/engine/transfer/items/server-facts.js'
import type {StoredItem} from '../../../src/engine/transfer/items/stored-item.js'
import {type ExptimeRules, expiryAtTarget, isUnsafe, ServerSink} from '../../../src/engine/transfer/server-sink.js'
import {ask} from '../../helpers/ask.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {listExptimes} from '../../helpers/filled-server.js'

const NOW = 1_800_000_000

test.each<[string, number | null, Partial<ExptimeRules>, number | 'expired']>([
  ['never', 0, {shiftSeconds: 50}, 0],
  ['to come', NOW + 1, {}, NOW + 1],
  ['now', NOW, {}, 'expired'],
  ['past', NOW - 9, {}, 'expired'],
  ['past, by a clock that is ahead there', NOW - 9, {shiftSeconds: 10}, NOW + 1],
  ['to come, by a clock that is behind there', NOW + 9, {shiftSeconds: -10}, 'expired'],
  ['unknown', null, {unknownTtlSeconds: 60, shiftSeconds: 10}, NOW + 60],
  ['unknown, taken for never', null, {}, 0],
])('an exptime that is %s', (_, expiresAt, rules, expected) => {
  expect(expiryAtTarget(expiresAt, {shiftSeconds: 0, unknownTtlSeconds: 0, ...rules}, NOW)).toBe(expected)
})

test('only repcached is harmed by large flags', () => {
  expect(isUnsafe({flags: 2 ** 31}, {program: 'repcached'})).toBe(true)
  expect(isUnsafe({flags: 2 ** 31 - 1}, {program: 'repcached'})).toBe(false)
  expect(isUnsafe({flags: 2 ** 31}, {program: 'memcached'})).toBe(false)
})

async function sinkTo(settings: Parameters<typeof startEmbedded>[0] = {}, mode: 'add' | 'set' = 'add') {
  const {address} = await startEmbedded(settings)
  const facts = await readServerFacts(address)
  const sink = new ServerSink({facts, mode, exptimes: {shiftSeconds: 0, unknownTtlSeconds: 0}})
  onTestFinished(() => sink.close())
  return {address, sink}
}

const stored = (key: string, text: string, expiresAt = 0): StoredItem => ({
  key,
  flags: 3,
  expiresAt,
  cas: null,
  value: Buffer.from(text),
})

describe('an item that comes twice', () => {
  const later = Math.floor(Date.now() / 1000) + 5000

  test('is written over what was added', async () => {
    const {address, sink} = await sinkTo()
    await sink.write([stored('a', 'old'), stored('b', 'same'), stored('c', 'once')])
    await sink.write([stored('a', 'new'), stored('b', 'same', later)])
    await sink.write([stored('a', 'newest', later)])
    await sink.finish()
    expect(await ask(address, 'get a')).toBe('VALUE a 3 6\r\nnewest\r\nEND\r\n')
    expect(await listExptimes(address)).toEqual(
      new Map([
        ['a', later],
        ['b', later],
        ['c', -1],
      ]),
    )
    expect(sink.counts).toMatchObject({written: 3, present: 0})
  })

  test('is left where somebody else has written', async () => {
    const {address, sink} = await sinkTo()
    await ask(address, 'set c 0 0 6\r\ntheirs')
    await sink.write([stored('a', 'old'), stored('b', 'old'), stored('c', 'old')])
    await sink.finish()
    await ask(address, 'set a 0 0 6\r\ntheirs')
    await ask(address, 'set b 4 0 3\r\nold')
    await sink.write([stored('a', 'new'), stored('b', 'new'), stored('c', 'new')])
    await sink.finish()
    expect(await ask(address, 'get a')).toContain('theirs')
    expect(await ask(address, 'get b')).toBe('VALUE b 4 3\r\nold\r\nEND\r\n')
    expect(await ask(address, 'get c')).toContain('theirs')
    expect(sink.counts).toMatchObject({written: 2, present: 4})
  })

  test('is left where the server has no cas uniques to guard it', async () => {
    const {address, sink} = await sinkTo({useCas: false})
    await sink.write([stored('a', 'old')])
    await sink.write([stored('a', 'new')])
    await sink.finish()
    expect(await ask(address, 'get a')).toContain('old')
    expect(sink.counts).toMatchObject({written: 1, present: 1})
  })

  test('is written twice by a sink that writes over all', async () => {
    const {address, sink} = await sinkTo({}, 'set')
    await sink.write([stored('a', 'old')])
    await sink.write([stored('a', 'new')])
    await sink.finish()
    expect(await ask(address, 'get a')).toContain('new')
  })
})
