import Memcached from 'memcached'
import {describe, expect, it, onTestFinished} from 'vitest'
import {startEmbedded} from '../../../helpers/embedded.js'

type Callback<Result> = (error: unknown, result: Result) => void

/** The npm client memcached, in the text protocol, connected to a fresh node. */
async function connectClient() {
  const {address} = await startEmbedded()
  const server = `${address.host}:${address.port}`
  const client = new Memcached(server, {retries: 0})
  onTestFinished(() => client.end())
  return {client, server}
}

/** One call as a promise. */
function ask<Result>(call: (done: Callback<Result>) => void): Promise<Result> {
  return new Promise((resolve, reject) => call((error, result) => (error ? reject(error) : resolve(result))))
}

describe('the npm client memcached', () => {
  it('sets, gets, gets many and deletes', async () => {
    const {client} = await connectClient()
    expect(await ask<boolean>(done => client.set('a', 'välue', 600, done))).toBe(true)
    expect(await ask<boolean>(done => client.set('b', {json: [1, 2]}, 600, done))).toBe(true)
    expect(await ask<unknown>(done => client.get('a', done))).toBe('välue')
    expect(await ask<unknown>(done => client.getMulti(['a', 'b', 'c'], done))).toEqual({a: 'välue', b: {json: [1, 2]}})
    expect(await ask<boolean>(done => client.del('a', done))).toBe(true)
    expect(await ask<unknown>(done => client.get('a', done))).toBeUndefined()
  })

  it('compares and sets', async () => {
    const {client} = await connectClient()
    await ask(done => client.set('a', 'first', 600, done))
    const {cas} = await ask<{cas: string}>(done => client.gets('a', done))
    expect(await ask<boolean>(done => client.cas('a', 'second', cas, 600, done))).toBe(true)
    expect(await ask<boolean>(done => client.cas('a', 'third', cas, 600, done))).toBe(false)
    expect(await ask<unknown>(done => client.get('a', done))).toBe('second')
  })

  it('counts, touches, adds, replaces, appends and prepends', async () => {
    const {client} = await connectClient()
    await ask(done => client.set('n', 10, 600, done))
    expect(await ask<unknown>(done => client.incr('n', 5, done))).toBe(15)
    expect(await ask<unknown>(done => client.decr('n', 20, done))).toBe(0)
    expect(await ask<unknown>(done => client.incr('none', 1, done))).toBe(false)
    expect(await ask<unknown>(done => client.touch('n', 600, done as (error: unknown) => void))).toBe(true)
    await expect(ask(done => client.add('n', 'x', 600, done))).rejects.toThrow('not stored')
    expect(await ask<boolean>(done => client.replace('n', 'b', 600, done))).toBe(true)
    expect(await ask<boolean>(done => client.append('n', 'c', done))).toBe(true)
    expect(await ask<boolean>(done => client.prepend('n', 'a', done))).toBe(true)
    expect(await ask<unknown>(done => client.get('n', done))).toBe('abc')
  })

  it('reads figures of every kind, lists keys and flushes', async () => {
    const {client, server} = await connectClient()
    await ask(done => client.set('a', 'x', 600, done))
    expect(await ask<unknown>(done => client.stats(done))).toMatchObject([{version: '1.4.13', curr_items: 1}])
    expect(await ask<unknown>(done => client.settings(done))).toMatchObject([{cas_enabled: 'yes', evictions: 'on'}])
    expect(await ask<unknown>(done => client.slabs(done))).toMatchObject([{1: {used_chunks: 1, cmd_set: 1}}])
    expect(await ask<unknown>(done => client.items(done))).toMatchObject([{1: {number: 1}}])
    const dump = await ask<unknown>(done => client.cachedump(server, 1, 10, done))
    expect(dump).toMatchObject({key: 'a', b: 1})
    await ask(done => client.flush(done as (error: unknown) => void))
    expect(await ask<unknown>(done => client.get('a', done))).toBeUndefined()
  })

  it('stores nearly a megabyte and keeps many requests under way', async () => {
    const {client} = await connectClient()
    const value = 'x'.repeat(1024 * 1024 - 200)
    expect(await ask<boolean>(done => client.set('big', value, 600, done))).toBe(true)
    expect(await ask<unknown>(done => client.get('big', done))).toBe(value)
    const keys = Array.from({length: 300}, (_, index) => `key-${index}`)
    await Promise.all(keys.map(key => ask(done => client.set(key, key, 600, done))))
    const read = await ask<Record<string, unknown>>(done => client.getMulti(keys, done))
    expect(Object.keys(read)).toHaveLength(300)
  })
})
