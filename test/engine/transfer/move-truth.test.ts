import fc from 'fast-check'
import {describe, expect, onTestFinished, test} from 'vitest'
import {AskError} from '../../../src/ask/ask-error.js'
import {readServerFacts} from '../../../src/engine/transfer/items/server-facts.js'
import {listServerKeys} from '../../../src/engine/transfer/keys/list-server-keys.js'
import {Pace} from '../../../src/engine/transfer/pace.js'
import {pump} from '../../../src/engine/transfer/pump.js'
import {ServerSink} from '../../../src/engine/transfer/server-sink.js'
import {ServerSource} from '../../../src/engine/transfer/server-source.js'
import type {Address} from '../../../src/protocol/address.js'
import {startEmbedded} from '../../helpers/embedded.js'
import {BinaryClient} from '../../instruments/binary-client.js'
import {BreakingProxy} from '../../instruments/breaking-proxy.js'
import {readAllItems} from '../../instruments/item-reader.js'

const unlimited = () => new Pace({itemsPerSecond: null, bytesPerSecond: null})

/** Moves all items of a server to another, with what is under way at its end. */
async function move(from: Address, to: Address, mode: 'add' | 'set' = 'add') {
  const [source, target] = await Promise.all([readServerFacts(from), readServerFacts(to)])
  const keys = await listServerKeys(source)
  const sink = new ServerSink({facts: target, mode, exptimes: {shiftSeconds: 0, unknownTtlSeconds: 0}})
  try {
    const {notSeen} = await pump({source: new ServerSource({facts: source, keys}), sink, pace: unlimited()})
    await sink.finish()
    return {notSeen, counts: sink.counts}
  } finally {
    sink.close()
    keys.spool.close()
  }
}

async function fillBy({host, port}: Address, items: Iterable<Item>): Promise<void> {
  const client = await BinaryClient.open({host, port})
  try {
    for (const {key, value, flags, exptime} of items) await client.set(Buffer.from(key), value, {flags, exptime})
  } finally {
    client.close()
  }
}

interface Item {
  readonly key: Uint8Array
  readonly value: Buffer
  readonly flags: number
  readonly exptime: number
}

const now = Math.floor(Date.now() / 1000)
const anItem: fc.Arbitrary<Item> = fc.record({
  key: fc.oneof(
    fc.uint8Array({minLength: 1, maxLength: 186}),
    fc.integer({min: 180, max: 250}).map(length => new Uint8Array(length).fill(0x78)),
    fc.string({unit: 'grapheme-ascii', minLength: 1, maxLength: 40}).map(text => Buffer.from(text)),
  ),
  value: fc.uint8Array({maxLength: 3000}).map(bytes => Buffer.from(bytes)),
  flags: fc.integer({min: 0, max: 0xffff_ffff}),
  exptime: fc.oneof(fc.constant(0), fc.integer({min: now + 1000, max: 2 ** 31 - 1})),
})

/** As the reader sees them: of two items under one key the later. */
function seen(items: readonly Item[]) {
  return new Map(
    items.map(({key, value, flags, exptime}) => [
      Buffer.from(key).toString('latin1'),
      {flags, expiresAt: exptime, value},
    ]),
  )
}

const sorted = <T>(items: ReadonlyMap<string, T>) => [...items].sort(([a], [b]) => (a < b ? -1 : 1))

describe('what is moved, as another program sees it', () => {
  test('is what was there, whatever keys, values, flags and exptimes are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anItem, {minLength: 1, maxLength: 40}), async items => {
        const [{node: source, address: from}, {node: target, address: to}] = await Promise.all([
          startEmbedded(),
          startEmbedded(),
        ])
        await fillBy(from, items)
        const {counts} = await move(from, to)
        const there = await readAllItems(to)
        await Promise.all([source.stop(), target.stop()])
        expect(counts.written).toBe(seen(items).size)
        expect(sorted(there)).toEqual(sorted(seen(items)))
      }),
      {numRuns: 15},
    )
  })

  test('leaves what is newer at the target, and writes over it only when told to', async () => {
    const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
    const item = (name: string, text: string): Item => ({
      key: Buffer.from(name),
      value: Buffer.from(text),
      flags: 0,
      exptime: 0,
    })
    await fillBy(from, [item('both', 'old'), item('b\r\noth', 'old'), item('missing', 'old')])
    await fillBy(to, [item('both', 'newer'), item('b\r\noth', 'newer'), item('other', 'newer')])
    expect((await move(from, to)).counts).toMatchObject({written: 1, present: 2})
    const texts = async () => sorted(await readAllItems(to)).map(([key, {value}]) => [key, value.toString()])
    expect(await texts()).toEqual([
      ['b\r\noth', 'newer'],
      ['both', 'newer'],
      ['missing', 'old'],
      ['other', 'newer'],
    ])
    await move(from, to, 'set')
    expect(await texts()).toEqual([
      ['b\r\noth', 'old'],
      ['both', 'old'],
      ['missing', 'old'],
      ['other', 'newer'],
    ])
  })
})

describe('when a connection breaks in the middle', () => {
  const ITEMS = 600
  const items = Array.from({length: ITEMS}, (_, index): Item => {
    return {key: Buffer.from(`key:${index}`), value: Buffer.alloc(index * 7, `${index},`), flags: index, exptime: 0}
  })

  test.each([
    ['source', 'resets'],
    ['source', 'closes'],
    ['target', 'resets'],
    ['target', 'closes'],
  ] as const)('the %s %s, only whole items are at the target, and a second run has the rest', async (end, manner) => {
    await fc.assert(
      fc.asyncProperty(fc.integer({min: 60_000, max: 1_200_000}), async position => {
        const [{node: source, address: from}, {node: target, address: to}] = await Promise.all([
          startEmbedded(),
          startEmbedded(),
        ])
        await fillBy(from, items)
        // A target says little: eight bytes to an item.
        const afterBytes = end === 'source' ? position : 2000 + Math.floor(position / 250)
        const proxy = await BreakingProxy.open({target: end === 'source' ? from : to, manner, afterBytes})
        const broken = end === 'source' ? move(proxy.address, to) : move(from, proxy.address)
        const failure = await broken.then(
          () => null,
          error => error,
        )
        if (failure !== null) expect(failure).toBeInstanceOf(AskError)
        const before = await readAllItems(to)
        for (const [key, item] of before) expect(item).toEqual(seen(items).get(key))
        await move(from, to)
        expect(sorted(await readAllItems(to))).toEqual(sorted(seen(items)))
        proxy.close()
        await Promise.all([source.stop(), target.stop()])
      }),
      {numRuns: 3},
    )
  })
})

test('of an item that is written all the time one of its writes is moved, whole', async () => {
  const [{address: from}, {address: to}] = await Promise.all([startEmbedded(), startEmbedded()])
  const version = (number: number): Item => ({
    key: Buffer.from('k'),
    value: Buffer.alloc(100_000, `${number},`),
    flags: number,
    exptime: 2_000_000_000 + number,
  })
  await fillBy(from, [version(0)])
  const writer = await BinaryClient.open(from)
  onTestFinished(() => writer.close())
  let last = 0
  let isMoving = true
  const writing = (async () => {
    while (isMoving) {
      const {key, value, flags, exptime} = version(++last)
      await writer.set(Buffer.from(key), value, {flags, exptime})
    }
  })()
  for (let round = 0; round < 20; round++) {
    await move(from, to, 'set')
    const {flags, value} = (await readAllItems(to)).get('k')!
    expect(flags).toBeLessThanOrEqual(last)
    expect(value.equals(version(flags).value)).toBe(true)
  }
  isMoving = false
  await writing
  await move(from, to, 'set')
  expect((await readAllItems(to)).get('k')).toEqual({
    flags: last,
    value: version(last).value,
    expiresAt: version(last).exptime,
  })
})
