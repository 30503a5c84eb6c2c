import {expect, onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import {LinkProxy} from '../instruments/link-proxy.js'
import {startEmbedded} from './embedded.js'
import {freePort} from './ports.js'
import {waitFor} from './wait-for.js'

const host = '127.0.0.1'

/** An embedded pair in this process, joined by a link of known behaviour; the test's end stops all. */
export async function startProxiedPair(): Promise<{master: Address; slave: Address; link: LinkProxy}> {
  const [listenPort, otherPort] = [await freePort(), await freePort()]
  const own = {queueLimit: 1_000_000, resilient: false}
  const master = await startEmbedded({replication: {...own, peerHost: null, connectPort: listenPort, listenPort}})
  const link = await LinkProxy.open({listen: {host, port: 0}, to: {host, port: listenPort}})
  onTestFinished(() => link.close())
  const replication = {...own, peerHost: host, connectPort: link.port, listenPort: otherPort}
  const slave = await startEmbedded({replication})
  await waitFor(() => expect(slave.log.join()).toContain('replication: start'))
  return {master: master.address, slave: slave.address, link}
}
