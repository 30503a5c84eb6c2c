import type {Backend} from './cluster-node.js'
import {TopologyError} from './node-errors.js'
import {hasPair, type PlannedNode, type TopologyPlan, topologyPlans} from './topology-plans.js'

export interface PlanRequest {
  readonly name: string
  readonly backend?: Backend | undefined
  readonly third?: boolean | undefined
}

/**
 * The plan of that name, with other nodes where they were asked for.
 * @throws TopologyError when there is none, or it can't be had that way
 */
export function planTopology({name, backend, third = false}: PlanRequest): TopologyPlan {
  const plan = topologyPlans.find(candidate => candidate.name === name)
  if (plan === undefined) {
    const known = topologyPlans.map(candidate => candidate.name).join(', ')
    throw new TopologyError(`Expected a topology (${known}), got '${name}'`)
  }
  const chosen = backend === undefined ? plan : withBackend(plan, backend)
  return third ? withThird(chosen) : chosen
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

/** Next to the master, with the same arguments but for its client port. */
function withThird(plan: TopologyPlan): TopologyPlan {
  const master = plan.nodes.find(({place}) => place === 'master')
  if (master === undefined) throw new TopologyError(`Expected --third with a pair, got it with '${plan.name}'`)
  const third: PlannedNode = {...master, name: 't1', place: 'third', portOffset: 3}
  return {...plan, nodes: [...plan.nodes, third]}
}
