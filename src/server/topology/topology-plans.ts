import type {Backend} from '../node-api/cluster-node.js'

/** Place of a node in its topology: of a pair the master is started first; `third` has the pair's replication port too. */
export type NodePlace = 'master' | 'slave' | 'alone' | 'third'

export interface PlannedNode {
  readonly name: string
  readonly backend: Backend
  readonly place: NodePlace
  /** Its usual client port is 11211 + this (11212 is the link's). */
  readonly portOffset: number
}

/** Which nodes a topology has, in the order in which they are started. */
export interface TopologyPlan {
  readonly name: string
  readonly summary: string
  readonly nodes: readonly PlannedNode[]
}

const master = (backend: Backend): PlannedNode => ({name: 'm1', backend, place: 'master', portOffset: 0})
const slave = (backend: Backend): PlannedNode => ({name: 's1', backend, place: 'slave', portOffset: 2})
const alone = (backend: Backend): PlannedNode => ({name: 'n1', backend, place: 'alone', portOffset: 0})
/** The native node to compare a pair with. */
const native: PlannedNode = {name: 'n1', backend: 'memcached', place: 'alone', portOffset: 4}

/** Every topology. Adding one = one entry. */
export const topologyPlans: readonly TopologyPlan[] = [
  {
    name: 'pair',
    summary: 'two embedded nodes that replicate to each other',
    nodes: [master('embedded'), slave('embedded')],
  },
  {name: 'single', summary: 'one embedded node without a peer', nodes: [alone('embedded')]},
  {name: 'memcached', summary: 'one native memcached', nodes: [alone('memcached')]},
  {
    name: 'repcached',
    summary: 'two real repcached nodes that replicate to each other',
    nodes: [master('repcached'), slave('repcached')],
  },
  {
    name: 'mixed',
    summary: 'an embedded master with a real repcached as its slave',
    nodes: [master('embedded'), slave('repcached')],
  },
  {
    name: 'mixed-reverse',
    summary: 'a real repcached as master with an embedded slave',
    nodes: [master('repcached'), slave('embedded')],
  },
  {
    name: 'memcached+pair',
    summary: 'an embedded pair, and a native memcached to compare it with',
    nodes: [master('embedded'), slave('embedded'), native],
  },
  {
    name: 'memcached+repcached',
    summary: 'a real repcached pair, and a native memcached to compare it with',
    nodes: [master('repcached'), slave('repcached'), native],
  },
]

/** Whether it has two nodes that replicate to each other. */
export function hasPair({nodes}: TopologyPlan): boolean {
  return nodes.some(({place}) => place === 'slave')
}

/** Names of those that hold a pair. */
export const pairTopologies: readonly string[] = topologyPlans
  .filter(({nodes}) => nodes.some(({place}) => place === 'slave'))
  .map(({name}) => name)
