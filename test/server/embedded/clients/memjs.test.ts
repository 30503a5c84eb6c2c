import {Client} from 'memjs'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'

/** The npm client memjs, which speaks nothing but the binary protocol, connected to a fresh node. */
async function connectMemjs() {
  const {address} = await startEmbedded()
  const client = Client.create(`${address.host}:${address.port}`, {retries: 0, logger: {log() {}}})
  onTestFinished(() => client.close())
  return {address, client}
}

describe('memjs', () => {
  it('sets, gets and deletes', async () => {
    const {address, client} = await connectMemjs()
    expect(await client.set('k', 'välue', {expires: 600})).toBe(true)
    const {value} = await client.get('k')
    expect(value?.toString()).toBe('välue')
    expect(await converse(address, 'get k\r\n')).toBe('VALUE k 0 6\r\nv\xc3\xa4lue\r\nEND\r\n')
    expect(await client.delete('k')).toBe(true)
    expect(await client.delete('k')).toBe(false)
    expect((await client.get('k')).value).toBeNull()
  })

  it('stores a megabyte less its overhead, and gets an error for more', async () => {
    const {client} = await connectMemjs()
    const value = Buffer.alloc(1024 * 1024 - 100, 'x')
    expect(await client.set('k', value, {})).toBe(true)
    expect((await client.get('k')).value).toEqual(value)
    await expect(client.set('k', Buffer.alloc(1024 * 1024), {})).rejects.toThrow('Value too large')
    expect((await client.get('k')).value).toBeNull()
  })

  it('adds, replaces, appends and touches', async () => {
    const {client} = await connectMemjs()
    expect(await client.replace('k', 'x', {})).toBe(false)
    expect(await client.add('k', 'b', {})).toBe(true)
    expect(await client.add('k', 'x', {})).toBe(false)
    expect(await client.append('k', 'c')).toBe(true)
    // Its prepend (1.3.2) sends append's opcode.
    expect((await client.get('k')).value?.toString()).toBe('bc')
    expect(await client.replace('k', 'new', {})).toBe(true)
    expect(await client.touch('k', 600)).toBe(true)
    expect(await client.touch('none', 600)).toBe(false)
    expect((await client.get('k')).value?.toString()).toBe('new')
  })

  it('counts', async () => {
    const {client} = await connectMemjs()
    expect(await client.increment('n', 5, {initial: 10})).toMatchObject({success: true, value: 10})
    expect(await client.increment('n', 5, {})).toMatchObject({success: true, value: 15})
    expect(await client.decrement('n', 20, {})).toMatchObject({success: true, value: 0})
  })

  it('reads figures and flushes', async () => {
    const {address, client} = await connectMemjs()
    const server = `${address.host}:${address.port}`
    await client.set('k', 'v', {})
    expect(await new Promise(resolve => client.stats((_, __, stats) => resolve(stats)))).toMatchObject({
      curr_items: '1',
      version: '1.4.13',
    })
    expect(await new Promise(resolve => client.flush((_, results) => resolve(results)))).toEqual({[server]: true})
    expect((await client.get('k')).value).toBeNull()
  })

  it('keeps many requests under way at once', async () => {
    const {client} = await connectMemjs()
    const keys = Array.from({length: 500}, (_, index) => `key-${index}`)
    expect(await Promise.all(keys.map(key => client.set(key, key, {})))).toEqual(keys.map(() => true))
    const read = await Promise.all(keys.map(key => client.get(key)))
    expect(read.map(({value}) => value?.toString())).toEqual(keys)
  })
})
