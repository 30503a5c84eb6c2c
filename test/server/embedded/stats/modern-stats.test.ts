import {describe, expect, it} from 'vitest'
import {modernDefaults} from '../../../../src/server/embedded/node/node-settings.js'
import {Line} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {answersTo} from '../../../helpers/offline.js'

const statsOf = (input: string, settings = {}) => {
  const text = answersTo(Buffer.from(input, 'latin1'), [], {...modernDefaults, replication: null, ...settings})
  return new Map([...text.matchAll(/^STAT (\S+) (.*)\r$/gm)].map(([, name, value]) => [name!, value!]))
}

describe('stats with --like 1.6', () => {
  it('has the 84 of a memcached without crawler and maintainer', () => {
    expect(statsOf('stats\r\n', {lruCrawler: false}).size).toBe(84)
  })

  it('counts expired and flushed misses apart, and stores without room', () => {
    const stats = statsOf(
      'set old 0 -1 1\r\nx\r\nget old\r\nset gone 0 0 1\r\nx\r\nflush_all 1\r\nget none\r\n' +
        `set big 0 0 2000000\r\n${'x'.repeat(2_000_000)}\r\nstats\r\n`,
    )
    expect(Object.fromEntries(stats)).toMatchObject({get_misses: '2', get_expired: '1', store_too_large: '1'})
  })

  it('shows the options of the command line', () => {
    const settings = {
      shutdownCommand: true,
      flushEnabled: false,
      idleTimeoutSeconds: 7,
      auth: {file: '/etc/users', credentials: []},
      memoryFile: '/dev/shm/x',
    }
    expect(Object.fromEntries(statsOf('stats settings\r\n', {...settings, auth: null}))).toMatchObject({
      shutdown_command: 'yes',
      flush_enabled: 'no',
      idle_timeout: '7',
      memory_file: '/dev/shm/x',
      maxconns_fast: 'yes',
      slab_reassign: 'yes',
    })
  })

  it('lists listeners and clients with their descriptors', async () => {
    const {address} = await startEmbedded({...modernDefaults})
    const sender = await Line.dial(address)
    sender.send('set a 0 0 6\r\nabc')
    const client = await Line.dial(address)
    client.send('stats conns\r\n')
    const text = await client.until('END\r\n')
    expect(text).toMatch(new RegExp(`STAT \\d+:addr tcp:127.0.0.1:${address.port}\\r\\nSTAT \\d+:state conn_listening`))
    expect(text).toContain(`:listen_addr tcp:127.0.0.1:${address.port}\r\n`)
    expect(text).toContain(':state conn_parse_cmd\r\n')
    await expect
      .poll(async () => {
        client.send('stats conns\r\n')
        return await client.until('END\r\n')
      })
      .toContain(':state conn_nread\r\n')
  })
})
