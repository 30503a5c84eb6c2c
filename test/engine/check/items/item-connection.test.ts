import {getEventListeners} from 'node:events'
import {describe, expect, it} from 'vitest'
import {ItemConnection} from '../../../../src/engine/check/items/item-connection.js'
import {noRequests} from '../../../../src/engine/measure/request-counts.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {ScriptedClock, turns} from '../../../helpers/scripted-clock.js'
import {waitFor} from '../../../helpers/wait-for.js'

describe('ItemConnection', () => {
  it('leaves nothing behind at a signal that outlives it', async () => {
    const {address} = await startFakeMemcached(() => 'END\r\n')
    const {signal} = new AbortController()
    for (let round = 0; round < 3; round++) {
      const connection = new ItemConnection(address, {signal})
      expect(await connection.read(['absent'])).toEqual([null])
      connection.close()
    }
    await waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]))
  })

  it('is interrupted by its signal, during a read and before it', async () => {
    const {address} = await startFakeMemcached(() => 'END\r\n')
    const stop = new AbortController()
    const connection = new ItemConnection(address, {signal: stop.signal})
    const read = connection.read(['absent'])
    stop.abort()
    await expect(read).rejects.toThrow('got an interrupt')
    const late = new ItemConnection(address, {signal: stop.signal})
    await expect(late.read(['absent'])).rejects.toThrow('got an interrupt')
  })

  it('reads large values a few at a time, and more again where they are small', async () => {
    const size = 5 * 1024 * 1024
    const keysOf = (prefix: string, count: number) => Array.from({length: count}, (_, index) => `${prefix}${index}`)
    const large = 'x'.repeat(size)
    const asked: string[] = []
    const {address} = await startFakeMemcached(({line}) => {
      asked.push(line)
      const values = line
        .split(' ')
        .slice(1)
        .filter(key => key !== 'k3')
        .map(key => `VALUE ${key} ${key.slice(1)} ${key.startsWith('k') ? `${size}\r\n${large}` : '1\r\nx'}\r\n`)
      return `${values.join('')}END\r\n`
    })
    const requests = noRequests()
    const connection = new ItemConnection(address, {requests})
    const items = await connection.read(keysOf('k', 7))
    expect(items.map(item => item?.flags ?? null)).toEqual([0, 1, 2, null, 4, 5, 6])
    for (const item of items) if (item !== null) expect(item.value.equals(Buffer.from(large))).toBe(true)
    // Two fit; the others are asked for again, three at a time and then two.
    expect(asked).toEqual(['get k0 k1 k2 k3 k4 k5 k6', 'get k2 k4 k5', 'get k5 k6'])
    expect(requests).toEqual({...noRequests(), connections: 1, gets: 12})
    asked.length = 0
    await connection.read(keysOf('s', 900))
    await connection.read(keysOf('t', 201))
    const counts = asked.map(line => line.split(' ').length - 1)
    expect(counts).toEqual([2, 4, 8, 16, 32, 64, 128, 200, 200, 200, 46, 200, 1])
    connection.close()
  })

  it('waits for a reply so long, and a second more for every 64 KiB that have come', async () => {
    const clock = new ScriptedClock()
    const {address} = await startFakeMemcached(() => `VALUE a 0 999999\r\n${'x'.repeat(128 * 1024)}`)
    const connection = new ItemConnection(address, {timeoutMs: 3000})
    const outcomes: unknown[] = []
    connection.read(['a']).catch(({code}: {code: string}) => outcomes.push(code))
    await turns(100)
    clock.advance(4900)
    await turns()
    expect(outcomes).toEqual([])
    clock.advance(200)
    await turns()
    expect(outcomes).toEqual(['ERR_ASK_TIMEOUT'])
  })

  it('reads lines, the last one too', async () => {
    const {address} = await startFakeMemcached(() => 'STAT a \u00e9\r\nSTAT b 2\r\nEND\r\n')
    const connection = new ItemConnection(address)
    expect(connection.address).toEqual(address)
    const lines: string[] = []
    expect(await connection.lines('stats', line => lines.push(line))).toBe('END')
    expect(lines).toEqual(['STAT a \u00e9', 'STAT b 2', 'END'])
    await expect(connection.lines('stats', () => {}, {maxLines: 2})).rejects.toMatchObject({code: 'ERR_ASK_TOO_LONG'})
  })

  it('takes no more lines than it asks for keys', async () => {
    const {address} = await startFakeMemcached(({line}) =>
      line === 'get a b' ? 'VALUE a 1 0\r\n\r\nVALUE b 2 0\r\n\r\nEND\r\n' : 'STAT\r\n'.repeat(3),
    )
    const connection = new ItemConnection(address)
    expect((await connection.read(['a', 'b'])).map(item => item?.flags)).toEqual([1, 2])
    await expect(connection.read(['c'])).rejects.toMatchObject({got: 'a reply of more than 2 lines'})
  })

  it('takes values in any order, as a proxy before several servers may give them', async () => {
    const {address} = await startFakeMemcached(() => 'VALUE b 2 1\r\nB\r\nVALUE a 1 1\r\nA\r\nEND\r\n')
    const connection = new ItemConnection(address)
    expect(await connection.read(['a', 'b', 'c'])).toEqual([
      {flags: 1, value: Buffer.from('A')},
      {flags: 2, value: Buffer.from('B')},
      null,
    ])
    connection.close()
  })

  it.each([
    ['that nobody has asked for', 'VALUE x 0 1\r\n1\r\nEND\r\n', "an item that was not asked for: 'VALUE x 0 1'"],
    ['without end', 'VALUE a 0 1\r\n1\r\n'.repeat(1000), "an item that was not asked for: 'VALUE a 0 1'"],
    ['of 999 MB', 'VALUE a 0 999999999\r\n', 'a value of 999999999 bytes, more than 67108864'],
    ['of −1 bytes', 'VALUE a 0 -1\r\n1\r\nEND\r\n', "'VALUE a 0 -1'"],
    ['that are an error', 'SERVER_ERROR \x1b[2J\r\n', "'SERVER_ERROR \\x1b[2J'"],
  ])('takes no items %s', async (_, reply, got) => {
    const {address} = await startFakeMemcached(() => reply)
    const connection = new ItemConnection(address)
    await expect(connection.read(['a', 'b'])).rejects.toMatchObject({
      code: 'ERR_ASK_REPLY',
      expected: 'items',
      got: expect.stringContaining(got),
    })
    connection.close()
  })
})
