import {Socket} from 'node:net'
import {expect, it, onTestFinished, vi} from 'vitest'
import {Line} from '../../../../helpers/converse.js'
import {startEmbedded} from '../../../../helpers/embedded.js'
import {freePort} from '../../../../helpers/ports.js'

const host = '127.0.0.1'

/** What the sockets of this process are given to send, in order, as text. */
function watchWrites(): string[] {
  const written: string[] = []
  const original = Socket.prototype.write
  const spy = vi.spyOn(Socket.prototype, 'write').mockImplementation(function (this: Socket, ...args: unknown[]) {
    written.push(String(args[0]))
    return (original as (...args: unknown[]) => boolean).apply(this, args)
  })
  onTestFinished(() => spy.mockRestore())
  return written
}

it('gives the peer a change before the client is told that it was made', async () => {
  const port = await freePort()
  const replication = {
    peerHost: null,
    connectPort: port,
    listenPort: port,
    queueLimit: 8192,
    resilient: false,
    peers: null,
    likeRepcached: true,
  }
  const {address} = await startEmbedded({replication})
  const peer = await Line.dial({host, port})
  const client = await Line.dial(address)
  onTestFinished(() => {
    peer.close()
    client.close()
  })
  await peer.until('marugoto_end\r\n')
  const written = watchWrites()
  client.send('set a 0 0 1\r\n1\r\nset b 0 0 1\r\n2\r\ndelete a\r\n')
  await client.until('DELETED\r\n')
  await peer.until('delete a\r\n')
  const frames = written.findIndex(text => text.includes('rep b 0 0 1'))
  const replies = written.findIndex(text => text.startsWith('STORED\r\n'))
  expect(written[replies]).toBe('STORED\r\nSTORED\r\nDELETED\r\n')
  expect(frames).toBeGreaterThanOrEqual(0)
  expect(frames).toBeLessThan(replies)
})
