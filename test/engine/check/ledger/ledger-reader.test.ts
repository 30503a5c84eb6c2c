import {describe, expect, it, onTestFinished} from 'vitest'
import {LedgerReader} from '../../../../src/engine/check/ledger/ledger-reader.js'
import {formatKey} from '../../../../src/engine/data/key-text.js'
import {makeFiller} from '../../../../src/engine/data/value-format.js'
import {noRequests, type RequestCount} from '../../../../src/engine/measure/request-counts.js'
import {ValueWriter} from '../../../../src/engine/verify/value-writer.js'
import type {Address} from '../../../../src/protocol/address.js'
import {type FakeMemcached, startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'

const keysTo = (count: number) => Uint32Array.from({length: count}, (_, index) => index + 1)
const KEYS = keysTo(20_000)
const filler = makeFiller(100)

interface Options {
  timeoutMs?: number
  signal?: AbortSignal
  requests?: RequestCount
}

function readerOf(address: Address, options: Options = {}): LedgerReader {
  const reader = new LedgerReader(address, {format: {keyPrefix: 'k:', runId: 1, filler}, ...options})
  onTestFinished(() => reader.close())
  return reader
}

/** An item of the load, as a node sends it. */
function item(key: number, version: number, {flags = 0, runId = 1, keyInside = key, size = 50} = {}): string {
  const value = Buffer.alloc(size)
  new ValueWriter({runId, filler}).render(value, 0, {key: keyInside, version, writer: 1, size})
  return `VALUE ${formatKey('k:', key)} ${flags} ${size}\r\n${value.toString('latin1')}\r\n`
}

/** Numbers of keys in each get that came. */
const asked = ({requests}: FakeMemcached): number[] => requests.map(({line}) => line.split(' ').length - 1)

/** A node that holds its replies until they are let go. */
async function startHolding() {
  const held: (() => unknown)[] = []
  const node = await startFakeMemcached(({socket}) => {
    held.push(() => void socket.write('END\r\n'))
    return undefined
  })
  const letGo = (): void => {
    for (const reply of held.splice(0)) reply()
  }
  return {node, letGo, held}
}

describe('LedgerReader', () => {
  it('reads versions and flags, and what is not of the load, at the places of the keys', async () => {
    const {address, requests} = await startFakeMemcached(
      () =>
        item(2, 70_000) +
        item(7, 1, {flags: 4_294_967_295}) +
        item(8, 9, {runId: 2}) +
        item(9, 9, {keyInside: 3}) +
        `VALUE ${formatKey('k:', 10)} 305 3\r\nodd\r\n` +
        'END\r\n',
    )
    const reader = readerOf(address)
    const held = await reader.read(Uint32Array.of(1, 2, 7, 8, 9, 10, 12))
    expect([...held.kinds]).toEqual([0, 1, 1, 2, 2, 3, 0])
    expect([...held.versions].slice(0, 3)).toEqual([0, 70_000, 1])
    expect([...held.flags]).toEqual([0, 0, 4_294_967_295, 0, 0, 305, 0])
    expect(requests.map(({line}) => line)).toEqual([
      `get ${[1, 2, 7, 8, 9, 10, 12].map(key => formatKey('k:', key)).join(' ')}`,
    ])
  })

  it('reads one list after the other on one connection, 200 keys at a time, and counts them', async () => {
    const requests = noRequests()
    const node = await startFakeMemcached(({line}) => {
      const last = line.split(' ').at(-1)!
      return `${item(Number.parseInt(last.slice(2), 16), 5)}END\r\n`
    })
    const reader = readerOf(node.address, {requests})
    for (const count of [450, 200, 1]) {
      const {kinds, versions} = await reader.read(keysTo(count))
      const places = [...kinds].flatMap((kind, place) => (kind === 1 ? [place] : []))
      expect(places).toEqual([199, 399, 449].filter(place => place < count - 1).concat(count - 1))
      expect(places.map(place => versions[place])).toEqual(places.map(() => 5))
    }
    expect(asked(node)).toEqual([200, 200, 50, 200, 1])
    expect(requests).toEqual({...noRequests(), connections: 1, gets: 651})
  })

  it('asks nothing for no keys', async () => {
    const node = await startFakeMemcached(() => 'END\r\n')
    const reader = readerOf(node.address)
    expect((await reader.read(keysTo(0))).kinds).toHaveLength(0)
    expect((await reader.read(keysTo(1))).kinds).toHaveLength(1)
    expect(asked(node)).toEqual([1])
  })

  it('asks for 800 keys ahead, and for the next when a reply has come', async () => {
    new ScriptedClock()
    const {node, held, letGo} = await startHolding()
    const reading = readerOf(node.address).read(keysTo(1001))
    await turns(50)
    expect(asked(node)).toEqual([200, 200, 200, 200])
    held.shift()!()
    await turns(50)
    expect(asked(node)).toEqual([200, 200, 200, 200, 200])
    held.shift()!()
    await turns(50)
    expect(asked(node)).toEqual([200, 200, 200, 200, 200, 1])
    letGo()
    expect((await reading).kinds).toHaveLength(1001)
  })

  it.each([
    [200, [4, 4, 4]],
    [201, [4, 64, 64]],
  ])('asks for up to 64 at once where replies take %i ms', async (replyMs, expected) => {
    const clock = new ScriptedClock()
    const {node, held, letGo} = await startHolding()
    const reader = readerOf(node.address)
    const reading = reader.read(KEYS)
    const most: number[] = []
    for (let round = 0; round < 40; round++) {
      await turns(60)
      if (held.length > 0) most.push(held.length)
      clock.advance(replyMs)
      letGo()
    }
    expect((await reading).kinds.every(kind => kind === 0)).toBe(true)
    expect(most.slice(0, 2).concat(Math.max(...most))).toEqual(expected)
  })

  it.each([
    ['that were not asked for', 'VALUE other 0 1\r\nx\r\n', 'a value that was not asked for'],
    ['of the next keys', `${item(201, 1)}END\r\n`, 'a value that was not asked for'],
    ['twice', `${item(2, 1)}${item(2, 1)}END\r\n`, 'a value that was not asked for'],
    ['without end', 'VALUE k:00000001 0 1\r\nx\r\n'.repeat(5000), 'a value that was not asked for'],
    ['that are none', '-ERR unknown command\r\n', "'-ERR unknown command'"],
  ])('reads no values %s', async (_, reply, got) => {
    const {address} = await startFakeMemcached(() => reply)
    const reader = readerOf(address)
    await expect(reader.read(keysTo(200))).rejects.toMatchObject({
      ...{code: 'ERR_ASK_REPLY', expected: "the load's values", got},
    })
    await expect(reader.read(keysTo(200))).rejects.toMatchObject({address})
  })

  it('has no connection after a reply that is none', async () => {
    const node = await startFakeMemcached(() => 'ERROR\r\n')
    await expect(readerOf(node.address).read(keysTo(1))).rejects.toThrow()
    await turns()
    expect(node.sockets.size).toBe(0)
  })

  it('waits for no reply longer than it may, and a second more for every 64 KiB of it', async () => {
    const clock = new ScriptedClock()
    const {address} = await startFakeMemcached(
      () => `VALUE ${formatKey('k:', 1)} 0 999999\r\n${'x'.repeat(128 * 1024)}`,
    )
    const outcomes: unknown[] = []
    const reader = readerOf(address, {timeoutMs: 3000})
    reader.read(keysTo(1)).catch(({code}: {code: string}) => outcomes.push(code))
    await turns(100)
    clock.advance(4900)
    await turns()
    expect(outcomes).toEqual([])
    clock.advance(200)
    await turns()
    expect(outcomes).toEqual(['ERR_ASK_TIMEOUT'])
  })

  it('ends with its signal, and when it is closed', async () => {
    const {address} = await startFakeMemcached(() => undefined)
    const stop = new AbortController()
    const reading = readerOf(address, {signal: stop.signal}).read(KEYS)
    stop.abort()
    await expect(reading).rejects.toMatchObject({code: 'ERR_ASK_ABORTED'})
    const reader = readerOf(address)
    const other = reader.read(KEYS)
    reader.close()
    await expect(other).rejects.toMatchObject({code: 'ERR_ASK_ABORTED', address})
  })
})
