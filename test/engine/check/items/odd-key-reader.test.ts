import {describe, expect, onTestFinished, test} from 'vitest'
import type {ItemConnectionOptions} from '../../../../src/engine/check/items/item-connection.js'
import {OddKeyReader} from '../../../../src/engine/check/items/odd-key-reader.js'
import {BinaryHeader, binaryStatus, HEADER_BYTES, RESPONSE_MAGIC} from '../../../../src/protocol/binary/binary-frame.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'
import {ScriptedServer} from '../../../helpers/scripted-server.js'

interface Frame {
  readonly status?: number
  readonly extras?: Buffer
  readonly key?: string
  readonly value?: string
  /** Instead of the true one. */
  readonly keyBytes?: number
}

/** A response of the binary protocol, as latin1. */
function response({status = 0, extras = Buffer.alloc(0), key = '', value = '', keyBytes}: Frame): string {
  const header = new BinaryHeader()
  Object.assign(header, {status, extrasBytes: extras.length, keyBytes: keyBytes ?? key.length})
  header.bodyBytes = extras.length + key.length + value.length
  const bytes = Buffer.alloc(HEADER_BYTES)
  header.write(bytes, 0, RESPONSE_MAGIC)
  return Buffer.concat([bytes, extras]).toString('latin1') + key + value
}

function flagsOf(flags: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(flags)
  return bytes
}

const NOOP = `\x80\x0a${'\0'.repeat(22)}`
const found = (value: string, flags = 0): string => response({extras: flagsOf(flags), value})
const missing = response({status: binaryStatus.notFound, value: 'Not found'})

/** A request for a key of less than 256 bytes. */
const binaryGet = (key: string): string =>
  `\x80\0\0${String.fromCharCode(key.length)}\0\0\0\0\0\0\0${String.fromCharCode(key.length)}${'\0'.repeat(12)}${key}`

interface Script {
  /** Pieces of the reply to the binary no-operation; empty: none comes. @default the connection is closed */
  readonly noop?: readonly string[]
  /** Likewise to `mn`. */
  readonly mn?: readonly string[]
  /** Pieces of the reply to anything else. */
  readonly reply?: readonly string[]
}

/** A server that sends its replies piece by piece. */
async function scripted({noop, mn, reply = []}: Script) {
  const server = await ScriptedServer.listen(async (text, socket) => {
    const pieces = text === NOOP ? noop : text === 'mn\r\n' ? mn : reply
    if (pieces === undefined) socket.end()
    for (const piece of pieces ?? []) {
      socket.write(Buffer.from(piece, 'latin1'))
      await turns(2)
    }
  })
  onTestFinished(() => server.close())
  return server
}

async function readerOf(script: Script, options: ItemConnectionOptions = {}) {
  const server = await scripted(script)
  const reader = new OddKeyReader(server.address, options)
  onTestFinished(() => reader.close())
  return {server, reader}
}

describe('a node that speaks the binary protocol', () => {
  const noop = [response({})]
  const read = async (keys: readonly string[], ...reply: readonly string[]) =>
    await (await readerOf({noop, reply})).reader.read(keys)

  test('is asked for all keys at once, in bytes', async () => {
    const {reader, server} = await readerOf({noop: [...response({})], reply: [found('A', 7), missing]})
    expect(await reader.read(['a b', '\u00e9\r\n'])).toEqual([{flags: 7, value: Buffer.from('A')}, null])
    expect(server.received()).toBe(NOOP + binaryGet('a b') + binaryGet('\u00e9\r\n'))
    expect(await reader.read(['x', 'y'])).toEqual([{flags: 7, value: Buffer.from('A')}, null])
    expect(server.connections()).toBe(1)
  })

  test('may cut its responses anywhere', async () => {
    const responses = [found('', 4_294_967_295), missing, found('\u00fftwo\r\n', 1)].join('')
    expect(await read(['a', 'b', 'c'], ...responses)).toEqual([
      {flags: 4_294_967_295, value: Buffer.alloc(0)},
      null,
      {flags: 1, value: Buffer.from('\u00fftwo\r\n', 'latin1')},
    ])
  })

  test('may repeat a key before its value', async () => {
    expect(await read(['k'], response({extras: flagsOf(3), key: 'k', value: 'v'}))).toEqual([
      {flags: 3, value: Buffer.from('v')},
    ])
  })

  test.each<[string, Frame]>([
    ['refuses', {status: binaryStatus.outOfMemory, value: 'Out of memory'}],
    ['refuses with something like an item', {status: binaryStatus.notAllowed, extras: flagsOf(0), value: 'x'}],
    ['sends no flags', {value: 'value'}],
    ['sends half of the flags', {extras: Buffer.alloc(2), value: 'value'}],
    ['has no room for its key', {extras: flagsOf(0), value: 'ab', keyBytes: 3}],
  ])('leaves unread what it %s', async (_, frame) => {
    expect(await read(['a', 'b'], response(frame), found('x'))).toEqual([
      'unreadable',
      {flags: 0, value: Buffer.from('x')},
    ])
  })

  test('may hold large values', async () => {
    const value = 'x'.repeat(5 * 1024 * 1024)
    const [item] = await read(['a'], found(value))
    expect((item as {value: Buffer}).value.length).toBe(value.length)
  })
})

describe('a node that does not', () => {
  const encoded = Buffer.from('a\u00e9 b', 'latin1').toString('base64')

  test.each([
    ['closes the connection', undefined],
    ['says that it does not understand', ['ERROR\r\n']],
  ])('and %s is asked by meta commands, with the keys in base64', async (_, noop) => {
    const reply = 'VA 3 b f5\r\nabc\r\nEN\r\nVA 0 b f4294967295 v\r\n\r\n'
    const {reader, server} = await readerOf({...(noop && {noop}), mn: [...'MN\r\n'], reply: [...reply]})
    const items = [{flags: 5, value: Buffer.from('abc')}, null, {flags: 4_294_967_295, value: Buffer.alloc(0)}]
    expect(await reader.read(['a\u00e9 b', 'x', 'y'])).toEqual(items)
    expect(server.received()).toBe(`${NOOP}mn\r\nmg ${encoded} b f v\r\nmg eA== b f v\r\nmg eQ== b f v\r\n`)
    expect(await reader.read(['a\u00e9 b', 'x', 'y'])).toEqual(items)
    expect(server.connections()).toBe(2)
  })

  test('leaves unread what it answers otherwise', async () => {
    const reply = ['CLIENT_ERROR bad key\r\nxVA 1 f1\r\nVA x f1\r\nVA 12 b f34\r\n123456789012\r\n']
    const {reader} = await readerOf({mn: ['MN\r\n'], reply})
    expect(await reader.read(['a', 'b', 'c', 'd'])).toEqual([
      'unreadable',
      'unreadable',
      'unreadable',
      {flags: 34, value: Buffer.from('123456789012')},
    ])
  })

  test.each([
    ['closes that connection too', undefined],
    ['says that it does not understand', ['ERROR\r\n']],
  ])('nor meta commands, and %s, is asked for no odd key', async (_, mn) => {
    const {reader, server} = await readerOf(mn === undefined ? {} : {mn})
    for (let round = 0; round < 2; round++) expect(await reader.read(['a', 'b'])).toEqual(['unreadable', 'unreadable'])
    expect(server.received()).toBe(`${NOOP}mn\r\n`)
  })

  test('is left when it says so', async () => {
    const {reader, server} = await readerOf({noop: ['ERROR\r\n'], mn: ['ERROR\r\n']})
    await reader.read(['a'])
    await turns()
    expect([server.connections(), server.openConnections()]).toEqual([2, 0])
  })
})

describe('a node that says nothing', () => {
  async function silence(script: Script, timeoutMs?: number) {
    const clock = new ScriptedClock()
    const {reader, server} = await readerOf(script, timeoutMs === undefined ? {} : {timeoutMs})
    const outcome: unknown[] = []
    reader.read(['a']).then(
      items => outcome.push(items),
      ({code}: {code: string}) => outcome.push(code),
    )
    await turns()
    const pass = async (ms: number) => {
      clock.advance(ms)
      await turns()
      return outcome
    }
    return {pass, server}
  }

  test('is asked for 2 s in binary and as long as it may take in text', async () => {
    const {pass, server} = await silence({noop: [], mn: []}, 7000)
    await pass(1990)
    expect(server.received()).toBe(NOOP)
    await pass(20)
    expect(server.received()).toBe(`${NOOP}mn\r\n`)
    expect(await pass(6900)).toEqual([])
    expect(await pass(200)).toEqual([['unreadable']])
  })

  test('after it had found a way has failed', async () => {
    const {pass} = await silence({noop: [], mn: ['MN\r\n'], reply: []}, 7000)
    await pass(2010)
    expect(await pass(6900)).toEqual([])
    expect(await pass(200)).toEqual(['ERR_ASK_TIMEOUT'])
  })

  test('has more time while a long value comes', async () => {
    const {pass} = await silence({mn: ['MN\r\n'], reply: [`VA 999999 b f1\r\n${'x'.repeat(128 * 1024)}`]}, 7000)
    expect(await pass(8900)).toEqual([])
    expect(await pass(200)).toEqual(['ERR_ASK_TIMEOUT'])
  })
})

test('an interrupt ends the search for a way', async () => {
  const stop = new AbortController()
  const {reader, server} = await readerOf({noop: []}, {signal: stop.signal})
  const read = reader.read(['a'])
  await turns()
  stop.abort(new Error('stopped'))
  await expect(read).rejects.toThrow('stopped')
  expect(server.received()).toBe(NOOP)
})

test('a reader may be closed at any time, and has no connection after that', async () => {
  const {reader} = await readerOf({noop: [response({})], reply: [found('x')]})
  reader.close()
  expect(await reader.read(['a'])).toHaveLength(1)
  reader.close()
  await expect(reader.read(['a'])).rejects.toMatchObject({code: 'ERR_ASK_ABORTED', expected: 'items'})
})
