import {MemcacheClient} from 'memcache-client'
import {describe, expect, it, onTestFinished} from 'vitest'
import {startEmbedded} from '../../../helpers/embedded.js'

/** The npm client memcache-client, in the text protocol, connected to a fresh node. */
async function connectClient() {
  const {address} = await startEmbedded()
  const client = new MemcacheClient({server: `${address.host}:${address.port}`})
  onTestFinished(() => client.shutdown())
  return client
}

describe('the npm client memcache-client', () => {
  it('sets, gets, gets many and deletes', async () => {
    const client = await connectClient()
    expect(await client.set('a', 'text')).toEqual(['STORED'])
    expect(await client.set('b', Buffer.from([0, 13, 10, 255]))).toEqual(['STORED'])
    expect(await client.get('a')).toMatchObject({value: 'text'})
    const many = await client.get<Record<string, {tokens: string[]; value: unknown}>>(['a', 'b', 'c'])
    expect(many).toMatchObject({a: {value: 'text'}, b: {value: Buffer.from([0, 13, 10, 255])}})
    expect(many).not.toHaveProperty('c')
    expect(await client.delete('a')).toEqual(['DELETED'])
    expect(await client.get('a')).toBeUndefined()
  })

  it('compares and sets', async () => {
    const client = await connectClient()
    await client.set('a', 'first')
    const {casUniq} = await client.gets('a')
    expect(await client.cas('a', 'second', {casUniq: casUniq!})).toEqual(['STORED'])
    await expect(client.cas('a', 'third', {casUniq: casUniq!})).rejects.toThrow('EXISTS')
    expect(await client.get('a')).toMatchObject({value: 'second'})
  })

  it('counts, touches, adds, replaces, appends and prepends', async () => {
    const client = await connectClient()
    await client.set('n', '10')
    expect(await client.incr('n', 5)).toBe('15')
    expect(await client.decr('n', 20)).toBe('0')
    expect(await client.touch('n', 600)).toEqual(['TOUCHED'])
    await expect(client.add('n', 'x')).rejects.toThrow('NOT_STORED')
    expect(await client.replace('n', 'b')).toEqual(['STORED'])
    expect(await client.append('n', 'c')).toEqual(['STORED'])
    expect(await client.prepend('n', 'a')).toEqual(['STORED'])
    expect(await client.get('n')).toMatchObject({value: 'abc'})
  })

  it('sends commands without waiting for replies, and reads figures', async () => {
    const client = await connectClient()
    await client.set('a', 'x', {noreply: true})
    expect(await client.get('a')).toMatchObject({value: 'x'})
    expect(await client.version()).toEqual(['VERSION', '1.4.13'])
    const {STAT} = await client.cmd<{STAT: string[][]}>('stats')
    expect(Object.fromEntries(STAT)).toMatchObject({curr_items: '1', version: '1.4.13'})
  })
})
