import {once} from 'node:events'
import {type AddressInfo, connect, createServer, type Socket} from 'node:net'
import {onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import {startEmbedded} from './embedded.js'
import {freePort} from './ports.js'
import {waitFor} from './wait-for.js'

const host = '127.0.0.1'

export interface LinkedPair {
  readonly master: Address
  readonly slave: Address
  /** Ends the replication link: both nodes wait for a partner then. */
  cut(): void
  /** Lets nothing through any more, and tells neither node. */
  hold(): void
  /** Lets everything through again, what was held back too. */
  release(): void
}

/** Two embedded nodes in this process whose link can be cut and held up; the test's end stops all. */
export async function startLinkedPair(): Promise<LinkedPair> {
  const [listenPort, otherPort] = [await freePort(), await freePort()]
  const own = {queueLimit: 8192, resilient: false, peers: null, likeRepcached: false}
  const master = await startEmbedded({replication: {...own, peerHost: null, connectPort: listenPort, listenPort}})
  const sockets: Socket[] = []
  const proxy = createServer(dialler => {
    const onward = connect(listenPort, host)
    for (const [from, to] of [
      [dialler, onward],
      [onward, dialler],
    ] as const) {
      sockets.push(from)
      from.on('error', () => {})
      from.on('close', () => to.destroy())
      from.on('data', chunk => to.write(chunk))
    }
  }).listen(0, host)
  await once(proxy, 'listening')
  const cut = () => sockets.splice(0).forEach(socket => void socket.destroy())
  onTestFinished(() => {
    cut()
    proxy.close()
  })
  const connectPort = (proxy.address() as AddressInfo).port
  const slave = await startEmbedded({replication: {...own, peerHost: host, connectPort, listenPort: otherPort}})
  await waitFor(() => {
    if (!slave.log.includes('replication: start')) throw new Error('Expected the slave to be linked')
  })
  return {
    master: master.address,
    slave: slave.address,
    cut,
    hold: () => sockets.forEach(socket => void socket.pause()),
    release: () => sockets.forEach(socket => void socket.resume()),
  }
}
