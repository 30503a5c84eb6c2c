import {claimOfSample} from '../../../server/observe/link-claim.js'
import type {PairLagUs} from '../../../server/observe/link-lag.js'
import type {LinkTruth} from '../../../server/observe/link-watch.js'
import type {NodeSample} from '../../../server/stats/node-sample.js'

/** The newest sample of a node, and the one before it. */
interface ObservedNode {
  readonly name: string
  readonly sample: NodeSample | null
  readonly before: NodeSample | null
}

/** All that `repbench top` shows at one moment. */
export interface TopState {
  readonly nodes: readonly ObservedNode[]
  /** Whether the two replicate; null unless that was asked. */
  readonly link: LinkTruth | null
  /** How far they lag behind each other now, from the first to the second and back; null where that was not asked. */
  readonly lagUs: PairLagUs | null
}

export function startState(names: readonly string[]): TopState {
  return {nodes: names.map(name => ({name, sample: null, before: null})), link: null, lagUs: null}
}

export function withSample(state: TopState, sample: NodeSample): TopState {
  return {
    ...state,
    nodes: state.nodes.map(node => (node.name === sample.node ? {...node, sample, before: node.sample} : node)),
  }
}

/** What a node's figures claim of its link; null where they say nothing. */
export function linkClaim({sample, before}: ObservedNode): string | null {
  if (sample?.kind !== 'answered') return null
  if (sample.figures.repcachedVersion === null) return 'none'
  const {replication} = sample
  if (replication !== null) return `${replication.link}${replication.role === 'none' ? '' : ` ${replication.role}`}`
  return claimOfSample(sample, before ?? undefined)?.link ?? null
}

export function allAnswer({nodes}: TopState): boolean {
  return nodes.every(({sample}) => sample?.kind === 'answered')
}
