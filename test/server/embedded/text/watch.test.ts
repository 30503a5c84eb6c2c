import {describe, expect, it} from 'vitest'
import {modernDefaults} from '../../../../src/server/embedded/node/node-settings.js'
import {Line} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'

const watched = /^ts=\d+\.\d{6} gid=\d+ (.*)$/

async function watching(topics: string, settings = {}) {
  const {address} = await startEmbedded({...modernDefaults, ...settings})
  const watcher = await Line.dial(address)
  watcher.send(`watch ${topics}\r\n`)
  await watcher.until('OK\r\n')
  const client = await Line.dial(address)
  const nextLine = async () => watched.exec((await watcher.until('\n')).trimEnd())?.[1]
  return {address, watcher, client, nextLine}
}

describe('watch', () => {
  it('shows fetches, stores and deletions with the client’s descriptor', async () => {
    const {client, nextLine} = await watching('fetchers mutations deletions')
    client.send('set a:1 0 100 3\r\nabc\r\n')
    await client.until('STORED\r\n')
    client.send('get a:1\r\ndelete a:1\r\n')
    await client.until('DELETED\r\n')
    const fetched = (await nextLine())!
    const cfd = /cfd=(\d+)/.exec(fetched)![1]
    expect(fetched).toBe(`type=item_get key=a%3A1 status=not_found clsid=0 cfd=${cfd} size=0`)
    expect(await nextLine()).toBe(`type=item_store key=a%3A1 status=stored cmd=set ttl=100 clsid=1 cfd=${cfd} size=3`)
    expect(await nextLine()).toBe(`type=item_get key=a%3A1 status=found clsid=1 cfd=${cfd} size=3`)
    expect(await nextLine()).toBe('type=deleted key=a%3A1 cmd=delete clsid=1 size=3')
  })

  it('shows connections that open, close and break', async () => {
    const {address, client, nextLine} = await watching('connevents')
    const port = (client.socket.address() as {port: number}).port
    expect(await nextLine()).toMatch(new RegExp(`^type=conn_new rip=127.0.0.1 rport=${port} transport=tcp cfd=\\d+$`))
    client.send('quit\r\n')
    expect(await nextLine()).toMatch(/^type=conn_close .* reason=normal cfd=\d+$/)
    const browser = await Line.dial(address)
    expect(await nextLine()).toMatch(/^type=conn_new /)
    browser.send('GET / HTTP/1.1\r\n')
    expect(await nextLine()).toMatch(/^type=conn_close .* reason=error cfd=\d+$/)
  })

  it('skips lines for a watcher that does not read, and sends their number', async () => {
    const {watcher, client} = await watching('fetchers', {watcherBufferBytes: 1024})
    watcher.socket.pause()
    const key = 'k'.repeat(240)
    const skipped = async () => {
      client.send('stats\r\n')
      return Number(/log_watcher_skipped (\d+)/.exec(await client.until('END\r\n'))![1])
    }
    while ((await skipped()) === 0) {
      client.send(`get ${key}\r\n`.repeat(500))
      for (let left = 500; left > 0; left--) await client.until('END\r\n')
    }
    watcher.socket.resume()
    let told = 0
    for (;;) {
      client.send('get again\r\n')
      await client.until('END\r\n')
      const line = await watcher.until('\n')
      if (line.startsWith('skipped=')) {
        told = Number(line.slice('skipped='.length))
        break
      }
    }
    expect(told).toBeGreaterThan(0)
  })

  it('runs no commands of a watcher, counts it, and forgets it when it disconnects', async () => {
    const {watcher, client} = await watching('evictions')
    const watchers = async () => {
      client.send('stats\r\n')
      return /log_watchers (\d+)/.exec(await client.until('END\r\n'))?.[1]
    }
    watcher.send('version\r\n')
    expect(await watchers()).toBe('1')
    client.send('stats conns\r\n')
    expect(await client.until('END\r\n')).toContain(':state conn_watch\r\n')
    watcher.close()
    await expect.poll(watchers).toBe('0')
    expect(await watcher.untilClosed()).toBe('')
  })
})
