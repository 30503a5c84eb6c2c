import {TopologyError} from '../../server/node-api/node-errors.js'
import {assertTuningFits} from '../../server/programs/node-tuning.js'
import {hasPair, planTopology, type TopologyPlan} from '../../server/topology/topology-plans.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {readFields} from './form-fields.js'
import {type NodeOptions, nodeOptions, placementOf} from './node-options.js'
import {optionsOf, propertyOfOption} from './option-spec.js'

const fields = optionsOf(nodeOptions)

interface NodesAsked {
  readonly options: NodeOptions
  readonly problems: FormValues
  /** Null where the options ask for nodes that can't be had. */
  readonly plan: TopologyPlan | null
}

/** The nodes that the texts of a form ask for, and what of it is wrong or would do nothing. */
export function readNodes(given: FormValues, {topology, third}: {topology: string; third?: boolean}): NodesAsked {
  const {values, problems} = readFields<Readonly<Record<string, unknown>>>(fields, given)
  const options: NodeOptions = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [propertyOfOption(name), value]),
  )
  const both =
    options.oneAddress && options.address !== undefined
      ? {address: 'Expected either one-address or address, got both'}
      : {}
  const found = {...problems, ...both}
  try {
    const plan = planTopology({name: topology, backend: options.backend, third})
    assertSense(plan, options)
    return {options, problems: found, plan}
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error
    return {options, problems: {[fieldAtFault(error.message)]: error.message, ...found}, plan: null}
  }
}

/** @throws TopologyError for what would be refused, or would do nothing */
function assertSense(plan: TopologyPlan, options: NodeOptions): void {
  assertTuningFits(
    placementOf(options).tuning ?? {},
    plan.nodes.map(({backend}) => backend),
  )
  const known = plan.nodes.map(({name}) => name)
  const unknown = Object.keys(options.nodeArgs?.of ?? {}).find(name => !known.includes(name))
  if (unknown !== undefined) {
    throw new TopologyError(`Expected --node-args of ${known.join(' or ')}, got those of ${unknown}`)
  }
  if (options.crossedPorts && !hasPair(plan)) throw new TopologyError('Expected --crossed-ports with a pair')
}

/** The message names the option. */
function fieldAtFault(message: string): string {
  if (message.includes('--third')) return 'third'
  return fields.find(({name}) => message.includes(`--${name}`))?.name ?? 'backend'
}
