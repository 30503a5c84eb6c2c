import {TopologyError} from '../node-api/node-errors.js'
import {type Backend, backendOf, backends} from '../programs/backends/registry.js'

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

/** Whether two of its nodes replicate to each other. */
export function hasPair({nodes}: TopologyPlan): boolean {
  return nodes.some(({place}) => place === 'slave')
}

/** Names of the plans with a pair. */
export const pairTopologies: readonly string[] = topologyPlans.filter(hasPair).map(({name}) => name)

/** A plan as it is asked for. */
export interface PlanRequest {
  readonly name: string
  readonly backend?: Backend | undefined
  readonly third?: boolean | undefined
  /** Names of nodes that are there already: the plan's get a higher number. */
  readonly takenNames?: readonly string[] | undefined
}

/**
 * The plan of that name, with other nodes where they were asked for.
 * @throws TopologyError when there is none, or it can't be had that way
 */
export function planTopology({name, backend, third = false, takenNames = []}: PlanRequest): TopologyPlan {
  const plan = topologyPlans.find(candidate => candidate.name === name)
  if (plan === undefined) {
    const known = topologyPlans.map(candidate => candidate.name).join(', ')
    throw new TopologyError(`Expected a topology (${known}), got '${name}'`)
  }
  const chosen = backend === undefined ? plan : withBackend(plan, backend)
  return withFreeNames(third ? withThird(chosen) : chosen, takenNames)
}

function withBackend(plan: TopologyPlan, backend: Backend): TopologyPlan {
  if (plan.nodes.some(node => node.backend !== 'embedded')) {
    throw new TopologyError(`--backend applies only to the topologies pair and single, not to '${plan.name}'`)
  }
  if (backendOf(backend).replication === null && hasPair(plan)) {
    const replicating = backends.filter(({replication}) => replication !== null).map(({name}) => name)
    throw new TopologyError(`Expected a backend that replicates (${replicating.join(', ')}), got ${backend}`)
  }
  return {...plan, nodes: plan.nodes.map(node => ({...node, backend}))}
}

/** m1 and s1, or m2 and s2 where either is taken: what belongs together has one number. */
function withFreeNames(plan: TopologyPlan, taken: readonly string[]): TopologyPlan {
  for (let number = 1; ; number++) {
    const nodes = plan.nodes.map(node => ({...node, name: node.name.replace(/\d+$/, String(number))}))
    if (nodes.every(({name}) => !taken.includes(name))) return {...plan, nodes}
  }
}

/** Next to the master, with the same arguments but for its client port. */
function withThird(plan: TopologyPlan): TopologyPlan {
  const master = plan.nodes.find(({place}) => place === 'master')
  if (master === undefined) throw new TopologyError(`--third needs a pair, got the topology '${plan.name}'`)
  const third: PlannedNode = {...master, name: 't1', place: 'third', portOffset: 3}
  return {...plan, nodes: [...plan.nodes, third]}
}
