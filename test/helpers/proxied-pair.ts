import {onTestFinished} from 'vitest'
import type {Address} from '../../src/protocol/address.js'
import type {NodeSettings} from '../../src/server/embedded/node/node-settings.js'
import {LinkProxy} from '../instruments/link-proxy.js'
import {startEmbedded} from './embedded.js'
import {freePort} from './ports.js'
import {waitFor} from './wait-for.js'

const host = '127.0.0.1'

export interface ProxiedPair {
  readonly master: Address
  readonly slave: Address
  /** Their link. */
  readonly link: LinkProxy
}

/** Two embedded nodes in this process whose link runs through an instrument; the test's end stops all. */
export async function startProxiedPair({
  behaviour = {},
  slaveSettings = {},
  queueLimit = 8192,
}: {
  readonly behaviour?: Parameters<typeof LinkProxy.open>[0]['behaviour']
  readonly slaveSettings?: Partial<NodeSettings>
  readonly queueLimit?: number
} = {}): Promise<ProxiedPair> {
  const listenPort = await freePort()
  const own = {queueLimit, resilient: false, peers: null, likeRepcached: false}
  const master = await startEmbedded({replication: {...own, peerHost: null, connectPort: listenPort, listenPort}})
  const link = await LinkProxy.open({listen: {host, port: 0}, to: {host, port: listenPort}, behaviour})
  onTestFinished(() => link.close())
  const slave = await startEmbedded({
    ...slaveSettings,
    replication: {...own, peerHost: host, connectPort: link.port, listenPort: await freePort()},
  })
  await waitFor(() => {
    if (!slave.log.includes('replication: start')) throw new Error('Expected the slave to be linked')
  })
  return {master: master.address, slave: slave.address, link}
}
