import {expect, test} from 'vitest'
import {listKeys} from '../../../../src/engine/check/items/list-keys.js'
import {startFakeMemcached} from '../../../helpers/fake-memcached.js'

/** A server that counts few items and lists keys until nobody reads any more. */
function listingWithoutEnd(metadump: boolean) {
  return startFakeMemcached(({line, socket}) => {
    if (line === 'version') return 'VERSION 1.4.13\r\n'
    if (line === 'stats') return 'STAT time 1010\r\nSTAT uptime 10\r\nSTAT curr_items 3\r\nEND\r\n'
    if (line === 'stats items') return 'STAT items:1:number 3\r\nEND\r\n'
    if (line.startsWith('lru_crawler') && !metadump) return 'ERROR\r\n'
    const piece = (metadump ? 'key=k exp=-1 la=1 cas=1 fetch=no cls=1 size=60\r\n' : 'ITEM k [5 b; 0 s]\r\n').repeat(
      500,
    )
    const more = (): void => {
      if (socket.writable && socket.write(piece)) setImmediate(more)
    }
    socket.on('drain', more)
    more()
    return undefined
  })
}

test('a list of keys without end is not read beyond what a node can hold that counts so few', async () => {
  const {address} = await listingWithoutEnd(true)
  await expect(listKeys(address)).rejects.toMatchObject({
    code: 'ERR_ASK_TOO_LONG',
    got: 'a reply of more than 10006 lines',
  })
})

test('so is a dump of a slab class', async () => {
  const {address} = await listingWithoutEnd(false)
  await expect(listKeys(address)).rejects.toMatchObject({
    code: 'ERR_ASK_TOO_LONG',
    got: 'an answer of more than 8388608 bytes',
  })
})

test('keys that are longer than a key can be are left out', async () => {
  const {address} = await startFakeMemcached(({line}) => {
    if (line === 'stats') return 'STAT curr_items 1\r\nEND\r\n'
    const rest = 'exp=-1 la=1 cas=1 fetch=no cls=1 size=60'
    return `key=${'x'.repeat(800)} ${rest}\r\nkey=a%20b ${rest}\r\nEND\r\n`
  })
  expect(await listKeys(address)).toEqual({keys: new Map([['a b', 0]]), extent: 'all'})
})
