import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {LinkWatch} from '../../server/observe/link-watch.js'
import {UsageError} from '../app/errors.js'

/** Master and slave. */
export type NodePair = readonly [ClusterNode, ClusterNode]

/** The nodes of one round of a load. */
export interface LoadTarget {
  /** One of topologyPlans; `attached` for servers that ran before. */
  readonly topology: string
  readonly nodes: readonly ClusterNode[]
  /** The node that the load goes to first. */
  readonly home: ClusterNode
  /** The pair that it belongs to; null where it stands alone. */
  readonly pair: NodePair | null
  /** Starts a watch of the pair's link; null where there is none. @param probes write probe keys, the only sure sign */
  watchLink(options: {readonly probes: boolean}): OpenLinkWatch | null
  close(): Promise<void>
}

/** A watch that has been started. */
export interface OpenLinkWatch {
  readonly watch: LinkWatch
  close(): Promise<void>
}

interface Choice extends Pick<LoadTarget, 'home' | 'pair'> {
  /** Clients go to the other node when one fails. */
  readonly failover: boolean
  /** Half of the connections go to each node. */
  readonly both: boolean
}

/**
 * The nodes that connections may go to, home first.
 * @throws UsageError where both are wanted and there is no pair
 */
export function chooseNodes({home, pair, failover, both}: Choice): readonly ClusterNode[] {
  if (!failover && !both) return [home]
  const partner = pair?.find(node => node !== home)
  if (partner === undefined) {
    throw new UsageError(`Expected a pair with failover or for both nodes, got ${home.name} alone`)
  }
  return [home, partner]
}
