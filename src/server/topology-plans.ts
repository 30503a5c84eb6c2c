import type {Backend} from './cluster-node.js'

export interface PlannedNode {
  readonly name: string
  readonly backend: Backend
  /** Tried first when the caller wants usual ports. */
  readonly usualPort: number
}

/** Which nodes a topology has. Two nodes are a pair: the first is started first and becomes the master. */
export interface TopologyPlan {
  readonly name: string
  readonly summary: string
  readonly nodes: readonly [PlannedNode] | readonly [PlannedNode, PlannedNode]
}

/** Every topology. Adding one = one entry. */
export const topologyPlans: readonly TopologyPlan[] = [
  {
    name: 'pair',
    summary: 'two embedded nodes that replicate to each other',
    nodes: [
      {name: 'm1', backend: 'embedded', usualPort: 11211},
      {name: 's1', backend: 'embedded', usualPort: 11213},
    ],
  },
  {
    name: 'single',
    summary: 'one embedded node without a peer',
    nodes: [{name: 'n1', backend: 'embedded', usualPort: 11211}],
  },
  {
    name: 'memcached',
    summary: 'one native memcached',
    nodes: [{name: 'n1', backend: 'memcached', usualPort: 11211}],
  },
  {
    name: 'repcached',
    summary: 'two real repcached nodes that replicate to each other',
    nodes: [
      {name: 'm1', backend: 'repcached', usualPort: 11211},
      {name: 's1', backend: 'repcached', usualPort: 11213},
    ],
  },
]
