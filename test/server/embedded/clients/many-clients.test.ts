import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {describe, expect, it, onTestFinished} from 'vitest'
import {converse} from '../../../helpers/converse.js'
import {startEmbedded} from '../../../helpers/embedded.js'
import {freePort} from '../../../helpers/ports.js'
import {startRepbench} from '../../../helpers/run-repbench.js'
import {waitFor} from '../../../helpers/wait-for.js'

const host = '127.0.0.1'
/** Each process needs a descriptor for each connection. */
const MANY = 10_000

describe('many clients, and odd ones', () => {
  it('ten thousand connections at once are all served', {timeout: 120_000}, async () => {
    const port = await freePort()
    const child = startRepbench(['node', '-l', host, '-p', String(port), '-c', String(MANY + 100), '--no-replication'])
    const sockets: Socket[] = []
    onTestFinished(() => {
      child.kill('SIGKILL')
      for (const socket of sockets) socket.destroy()
    })
    await waitFor(async () => expect(await converse({host, port}, 'version\r\n')).toContain('VERSION'))
    while (sockets.length < MANY) {
      const batch = Array.from({length: 500}, () => connect(port, host))
      sockets.push(...batch)
      await Promise.all(batch.map(socket => once(socket, 'connect')))
    }
    const answers = sockets.map(async socket => String((await once(socket, 'data'))[0]))
    for (const [number, socket] of sockets.entries()) socket.write(`set k${number} 0 0 1\r\n1\r\n`)
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['STORED\r\n']))
    expect(await converse({host, port}, 'stats\r\n')).toContain(`STAT curr_items ${MANY}\r\n`)
  })

  it('a command that comes byte by byte over a long time does not delay other clients', async () => {
    const {address} = await startEmbedded()
    const slow = connect(address.port, address.host)
    onTestFinished(() => {
      slow.destroy()
    })
    await once(slow, 'connect')
    for (const byte of 'set slow 0 0 5\r\nhel') {
      slow.write(byte)
      expect(await converse(address, 'get other\r\n')).toBe('END\r\n')
    }
    slow.write('lo\r\n')
    expect(String((await once(slow, 'data'))[0])).toBe('STORED\r\n')
  })

  it('a client that closes its side first gets all its answers', async () => {
    const {address} = await startEmbedded()
    const value = 'v'.repeat(900_000)
    const output = await converse(address, `set a 0 0 ${value.length}\r\n${value}\r\nget a\r\nget a\r\n`)
    expect(output.length).toBe(8 + 2 * (value.length + `VALUE a 0 ${value.length}\r\n\r\nEND\r\n`.length))
  })

  it('a client that disconnects in the middle of a value leaves no item behind', async () => {
    const {address} = await startEmbedded()
    const leaver = connect(address.port, address.host)
    await once(leaver, 'connect')
    leaver.write('set half 0 0 100000\r\nonly so much')
    await waitFor(async () => expect(await converse(address, 'stats\r\n')).toContain('curr_connections 2'))
    leaver.resetAndDestroy()
    await waitFor(async () => expect(await converse(address, 'stats\r\n')).toContain('curr_connections 1'))
    expect(await converse(address, 'get half\r\nstats slabs\r\n')).not.toMatch(/used_chunks [1-9]/)
  })
})
