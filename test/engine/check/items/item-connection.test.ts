import {getEventListeners} from 'node:events'
import {describe, expect, it} from 'vitest'
import {ItemConnection} from '../../../../src/engine/check/items/item-connection.js'
import {noRequests} from '../../../../src/engine/measure/request-counts.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'
import {waitFor} from '../../../helpers/wait-for.js'

describe('ItemConnection', () => {
  it('leaves nothing behind at a signal that outlives it', async () => {
    const {address} = await startEmbedded()
    const {signal} = new AbortController()
    for (let round = 0; round < 3; round++) {
      const connection = new ItemConnection(address, {signal})
      expect(await connection.read(['absent'])).toEqual([null])
      connection.close()
    }
    await waitFor(() => expect(getEventListeners(signal, 'abort')).toEqual([]))
  })

  it('is interrupted by its signal, during a read and before it', async () => {
    const {address} = await startEmbedded()
    const stop = new AbortController()
    const connection = new ItemConnection(address, {signal: stop.signal})
    const read = connection.read(['absent'])
    stop.abort()
    await expect(read).rejects.toThrow('got an interrupt')
    const late = new ItemConnection(address, {signal: stop.signal})
    await expect(late.read(['absent'])).rejects.toThrow('got an interrupt')
  })

  it('reads large values a few at a time, and all of them', async () => {
    const size = 5 * 1024 * 1024
    const keys = Array.from({length: 7}, (_, index) => `k${index}`)
    const {address} = await startFakeMemcached(({line}) => {
      const values = line
        .split(' ')
        .slice(1)
        .filter(key => key !== 'k3')
        .map(key => `VALUE ${key} ${key.slice(1)} ${size}\r\n${key.repeat(size / 2)}\r\n`)
      return `${values.join('')}END\r\n`
    })
    const requests = noRequests()
    const connection = new ItemConnection(address, {requests})
    const items = await connection.read(keys)
    expect(items.map(item => item?.flags ?? null)).toEqual([0, 1, 2, null, 4, 5, 6])
    for (const [index, item] of items.entries()) {
      if (item !== null) expect(item.value.equals(Buffer.from(`k${index}`.repeat(size / 2)))).toBe(true)
    }
    // Two fit; the others are asked for again, until two at a time are asked for.
    expect(requests.gets).toBeGreaterThan(keys.length)
    connection.close()
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
