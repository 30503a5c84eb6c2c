import {mkdtempSync, rmSync, statSync} from 'node:fs'
import {connect} from 'node:net'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse, Line} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {freePort} from '../../../helpers/ports.js'

describe('the connection limit', () => {
  it('lets further clients wait, and serves them when others have left', async () => {
    const {address} = await startEmbedded({maxConnections: 2})
    const [first, second] = [await Line.dial(address), await Line.dial(address)]
    first.send('version\r\n')
    second.send('version\r\n')
    await Promise.all([first.until('\r\n'), second.until('\r\n')])
    const third = await Line.dial(address)
    const fourth = await Line.dial(address)
    third.send('set a 0 0 1\r\n1\r\n')
    fourth.send('get a\r\n')
    first.send('stats\r\n')
    const full = await first.until('END\r\n')
    expect(full).toContain('STAT curr_connections 2\r\n')
    expect(full).toContain('STAT accepting_conns 0\r\n')
    expect(full).toContain('STAT listen_disabled_num 1\r\n')
    second.close()
    expect(await third.until('\r\n')).toBe('STORED\r\n')
    third.close()
    expect(await fourth.until('END\r\n')).toBe('VALUE a 0 1\r\n1\r\nEND\r\n')
    first.send('stats\r\n')
    const after = await first.until('END\r\n')
    expect(after).toContain('STAT accepting_conns 1\r\n')
    expect(after).toContain('STAT listen_disabled_num 2\r\n')
    expect(after).toContain('STAT total_connections 4\r\n')
    first.close()
    fourth.close()
  })

  it('turns clients away at once with maxconns_fast', async () => {
    const {address} = await startEmbedded({maxConnections: 1, rejectsAtLimit: true})
    const first = await Line.dial(address)
    first.send('version\r\n')
    await first.until('\r\n')
    expect(await (await Line.dial(address)).untilClosed()).toBe('ERROR Too many open connections\r\n')
    first.send('stats\r\n')
    expect(await first.until('END\r\n')).toContain('STAT rejected_connections 1\r\n')
    first.close()
  })

  it('bounds the clients that wait by the backlog', async () => {
    const {address} = await startEmbedded({maxConnections: 1, backlog: 1})
    const first = await Line.dial(address)
    first.send('version\r\n')
    await first.until('\r\n')
    const waiting = await Line.dial(address)
    // Refused as soon as it is connected, or a moment later.
    const refused = Line.dial(address).then(line => line.untilClosed())
    expect(await refused.catch((error: NodeJS.ErrnoException) => error.code)).toMatch(/^(ECONNRESET)?$/)
    expect(waiting.ended).toBe(false)
    waiting.close()
    first.close()
  })
})

describe('addresses', () => {
  it('are all listened on', async () => {
    const port = await freePort('127.0.0.2')
    const {address} = await startEmbedded({alsoListen: [{host: '127.0.0.2', port}]})
    expect(await converse(address, 'set a 0 0 1\r\n1\r\n')).toBe('STORED\r\n')
    expect(await converse({host: '127.0.0.2', port}, 'get a\r\n')).toBe('VALUE a 0 1\r\n1\r\nEND\r\n')
  })

  it('may be all addresses of the machine', async () => {
    const {address} = await startEmbedded({host: null})
    expect(address.host).toBe('0.0.0.0')
    expect(await converse({host: '127.0.0.1', port: address.port}, 'version\r\n')).toBe('VERSION 1.4.13\r\n')
  })

  it('may be a UNIX socket, with its access mask', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'repbench-socket-'))
    onTestFinished(() => rmSync(folder, {recursive: true}))
    const path = join(folder, 'socket')
    await startEmbedded({unixSocket: {path, accessMask: 0o750}})
    expect(statSync(path).mode & 0o777).toBe(0o750)
    const line = new Line(connect(path))
    line.send('set a 0 0 1\r\n1\r\nget a\r\n')
    expect(await line.until('END\r\n')).toBe('STORED\r\nVALUE a 0 1\r\n1\r\nEND\r\n')
    line.close()
  })
})

describe('a turn of the event loop', () => {
  it('takes no more commands of one connection than -R says, text or binary', async () => {
    const {address} = await startEmbedded({requestsPerEvent: 2})
    const input = Array.from({length: 7}, (_, index) => `set k${index} 0 0 1\r\n${index}\r\n`).join('')
    expect(await converse(address, `${input}get k6\r\n`)).toBe(`${'STORED\r\n'.repeat(7)}VALUE k6 0 1\r\n6\r\nEND\r\n`)
    const noop = Buffer.from([0x80, 0x0a, ...Array(22).fill(0)])
    expect(await converse(address, Buffer.concat(Array(7).fill(noop)))).toHaveLength(7 * 24)
    const [, yields] = /STAT conn_yields (\d+)/.exec(await converse(address, 'stats\r\n')) ?? []
    expect(Number(yields)).toBeGreaterThanOrEqual(6)
  })
})

describe('lru_crawler metadump', () => {
  it('lists every key over many turns, and other clients are served in between', async () => {
    const {address} = await startEmbedded()
    const sets = Array.from({length: 5000}, (_, index) => `set key:${index} 0 0 1 noreply\r\n1\r\n`)
    await converse(address, sets.join(''), 'get key:7\r\nset gone 0 -1 1\r\n1\r\nset t 0 100 1\r\n1\r\n')
    const [dump, other] = await Promise.all([
      converse(address, 'lru_crawler metadump all\r\nversion\r\n'),
      converse(address, 'version\r\n'),
    ])
    expect(other).toBe('VERSION 1.4.13\r\n')
    const lines = dump.split('\n')
    expect(lines.splice(-3)).toEqual(['END\r', 'VERSION 1.4.13\r', ''])
    expect(lines).toHaveLength(5001)
    expect(lines.filter(line => line.startsWith('key=key%3A7 '))).toEqual([
      expect.stringMatching(/^key=key%3A7 exp=-1 la=\d+ cas=8 fetch=yes cls=1 size=71$/),
    ])
    expect(lines.at(-1)).toMatch(/^key=t exp=\d+ la=\d+ cas=5002 fetch=no cls=1 size=67$/)
  })

  it('takes classes, and refuses unknown ones', async () => {
    const {address} = await startEmbedded()
    const output = await converse(
      address,
      'set a 0 0 1\r\n1\r\nlru_crawler metadump 2\r\nlru_crawler metadump x\r\nlru_crawler metadump 1,99\r\nlru_crawler\r\n',
    )
    expect(output).toBe('STORED\r\nEND\r\nBADCLASS invalid class id\r\nBADCLASS invalid class id\r\nERROR\r\n')
  })
})
