import type {Address} from '../../protocol/address.js'
import {AttachedNode} from './attached-node.js'
import type {Topology} from './topology.js'

/** Running servers as a topology: two are taken for a pair, the master first. They are not asked yet, and never stopped. */
export function attachTopology(addresses: readonly Address[]): Topology {
  const nodes = addresses.map(address => new AttachedNode(address))
  const [master, slave, ...more] = nodes
  return {
    name: 'attached',
    nodes,
    pair: master === undefined || slave === undefined || more.length > 0 ? null : {master, slave},
    native: null,
    third: null,
    replication: null,
    replicationPort: null,
    close: async () => {},
  }
}
