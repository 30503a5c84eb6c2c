import {isIP} from 'node:net'
import {isLoopback} from '../../../protocol/address.js'
import type {NodeSettings, ReplicationSettings} from '../../../server/embedded/node/node-settings.js'

type Reach = Pick<
  NodeSettings,
  'host' | 'port' | 'listensTcp' | 'interfaces' | 'alsoListen' | 'unixSocket' | 'auth' | 'replication'
>

/** Warnings about who can reach a node with these settings, and what they can do there. */
export function describeReach(settings: Reach): readonly string[] {
  const {host, port, alsoListen, auth, replication} = settings
  const clients = hasTcpClients(settings) && auth === null ? [{host, port}, ...alsoListen] : []
  const open = clients.filter(address => isOpen(address.host))
  const openLink = isOpen(host) ? replication : null
  if (open.length === 0 && openLink === null) return describeClosed(settings)
  return [
    ...open.map(address => `warning: whoever reaches ${placeOf(address)} can read, change and flush all items`),
    ...(openLink === null ? [] : describeOpenLink(host, openLink)),
  ]
}

function describeOpenLink(host: string | null, replication: ReplicationSettings): readonly string[] {
  const {listenPort: port, peers, peerHost} = replication
  if (peers === null) {
    return [
      `warning: whoever reaches ${placeOf({host, port})} can join as peer and copy all items; --peers says who may`,
    ]
  }
  const isLeftOut = peerHost !== null && [peerHost, ...peers].every(isIP) && !peers.includes(peerHost)
  return isLeftOut ? [`the peer ${peerHost} can't connect to this node: --peers leaves it out`] : []
}

function describeClosed(settings: Reach): readonly string[] {
  const {host, interfaces, replication} = settings
  const peer = replication?.peerHost ?? null
  if (peer !== null && !isLoopback(peer)) {
    return [`listening on ${nameOf(host)} only: the peer ${peer} can't connect to this node; -l 0.0.0.0 lets it`]
  }
  const hasPorts = hasTcpClients(settings) || replication !== null
  return interfaces !== null || !hasPorts
    ? []
    : [`listening on ${nameOf(host)} only; -l 0.0.0.0 opens this node to other hosts`]
}

function hasTcpClients({unixSocket, listensTcp}: Reach): boolean {
  return unixSocket === null && listensTcp
}

function isOpen(host: string | null): boolean {
  return host === null || !isLoopback(host)
}

function placeOf({host, port}: {host: string | null; port: number}): string {
  return port === 0 ? nameOf(host) : `port ${port} of ${nameOf(host)}`
}

function nameOf(host: string | null): string {
  return host === null ? 'all addresses' : host
}
