import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {Parting} from '../../server/parting/parting.js'
import {breakReason, isSilent, type NodeView, type PairLink, type PairView, pairLink} from './node-view.js'

/** Nodes and pairs on the screen, and what happened to them. */
interface Cluster {
  readonly pairs: readonly PairView[]
  readonly nodes: readonly NodeView[]
  readonly events: readonly NodeEvent[]
}

export interface PairStatus {
  readonly pair: PairView
  readonly link: PairLink
  /** Of a link that is well: that its nodes do not hold the same; null where that is not known. */
  readonly parting: Parting | null
  /** A node that does not answer, and how the screens call that; null: both answer. */
  readonly mute: {readonly node: string; readonly text: string} | null
  /** Why it does not replicate, where the logs told. */
  readonly reason: NodeEvent | undefined
}

export function pairStatuses({pairs, nodes, events}: Cluster): PairStatus[] {
  return pairs.map(pair => {
    const [master, slave] = [pair.master, pair.slave].map(name => nodes.find(node => node.name === name))
    const link = pairLink(master, slave, pair.truth)
    return {
      pair,
      link,
      parting: link === 'paired' || link === 'claimed' ? (pair.truth?.parting ?? null) : null,
      mute: muteNode([master, slave]),
      reason: link === 'unpaired' ? breakReason(pair, events) : undefined,
    }
  })
}

function muteNode(nodes: readonly (NodeView | undefined)[]): PairStatus['mute'] {
  for (const node of nodes) {
    if (node?.status.state === 'paused') return {node: node.name, text: 'is frozen'}
    if (node !== undefined && isSilent(node)) return {node: node.name, text: 'does not answer'}
  }
  return null
}

/** The first pair whose nodes are both there while nothing replicates. */
export function brokenPair(state: Cluster): PairStatus | undefined {
  return pairStatuses(state).find(({link}) => link === 'unpaired')
}
