import type {Address} from '../protocol/address.js'
import {AttachedNode} from './attached-node.js'
import type {Topology} from './topology.js'

export interface AttachOptions {
  readonly signal?: AbortSignal | undefined
  /** How long a server may take to answer. @default 1000 */
  readonly timeoutMs?: number | undefined
}

/**
 * Running servers as a topology: two are taken for a pair, the master first. They are never stopped.
 * @throws NodeReplyError when one of them doesn't answer
 */
export async function attachTopology(
  addresses: readonly Address[],
  {signal, timeoutMs = 1000}: AttachOptions = {},
): Promise<Topology> {
  const nodes = addresses.map(address => new AttachedNode(address))
  const [master, slave] = nodes
  await Promise.all(nodes.map(node => node.check(signal === undefined ? {timeoutMs} : {timeoutMs, signal})))
  return {
    name: 'attached',
    nodes,
    pair: master === undefined || slave === undefined || nodes.length > 2 ? null : {master, slave},
    native: null,
    third: null,
    replication: null,
    replicationPort: null,
    close: async () => {},
  }
}
