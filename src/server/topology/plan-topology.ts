import type {Backend} from '../node-api/cluster-node.js'
import {TopologyError} from '../node-api/node-errors.js'
import {hasPair, type PlannedNode, type TopologyPlan, topologyPlans} from './topology-plans.js'

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
    throw new TopologyError(
      `Expected --backend with pair or single, got it with '${plan.name}', whose name says it all`,
    )
  }
  if (backend === 'memcached' && hasPair(plan)) {
    throw new TopologyError('Expected a backend that replicates (embedded, repcached), got memcached')
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
  if (master === undefined) throw new TopologyError(`Expected --third with a pair, got it with '${plan.name}'`)
  const third: PlannedNode = {...master, name: 't1', place: 'third', portOffset: 3}
  return {...plan, nodes: [...plan.nodes, third]}
}
