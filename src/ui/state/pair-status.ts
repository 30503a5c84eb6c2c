import type {NodeEvent} from '../../server/node-event.js'
import {breakReason, type PairLink, type PairView, pairLink} from './node-view.js'
import type {UiState} from './ui-state.js'

export interface PairStatus {
  readonly pair: PairView
  readonly link: PairLink
  /** A node that stands still; null: neither does. */
  readonly frozen: string | null
  /** Why it does not replicate, where the logs told. */
  readonly reason: NodeEvent | undefined
}

export function pairStatuses({pairs, nodes, events}: Pick<UiState, 'pairs' | 'nodes' | 'events'>): PairStatus[] {
  return pairs.map(pair => {
    const find = (name: string) => nodes.find(node => node.name === name)
    const link = pairLink(find(pair.master), find(pair.slave), pair.truth)
    const frozen = [pair.master, pair.slave].find(name => find(name)?.status.state === 'paused') ?? null
    return {pair, link, frozen, reason: link === 'unpaired' ? breakReason(pair, events) : undefined}
  })
}

/** The first pair whose nodes are both there while nothing replicates. */
export function brokenPair(state: Pick<UiState, 'pairs' | 'nodes' | 'events'>): PairStatus | undefined {
  return pairStatuses(state).find(({link}) => link === 'unpaired')
}
