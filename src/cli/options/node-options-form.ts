import type {Option} from 'commander'
import {TopologyError} from '../../server/node-api/node-errors.js'
import {assertTuningFits} from '../../server/programs/node-tuning.js'
import {hasPair, planTopology, type TopologyPlan} from '../../server/topology/topology-plans.js'
import type {FieldSpec, FormValues} from '../../ui/ports/form-spec.js'
import {fieldOfOption, readOptions} from './option-fields.js'
import {placementOf, programOptions, type TopologyOptions, topologyOptions} from './topology-options.js'

const groups: Readonly<Record<string, string>> = {
  oneAddress: 'where they listen',
  memory: 'how they are set up',
  memcachedBin: 'which programs',
}

/** Options of every command that starts nodes. */
export const nodeOptions: readonly Option[] = [...topologyOptions(), ...programOptions()]

/** How nodes are set up, as fields of a form. */
export const nodeFields: readonly FieldSpec[] = nodeOptions.map(option =>
  fieldOfOption(option, groups[option.attributeName()]),
)

interface NodesAsked {
  readonly options: TopologyOptions
  readonly problems: FormValues
  /** Null where the options ask for nodes that can't be had. */
  readonly plan: TopologyPlan | null
}

/** The nodes that the texts of a form ask for, and what of it is wrong or would do nothing. */
export function readNodes(given: FormValues, {topology, third}: {topology: string; third?: boolean}): NodesAsked {
  const {options, problems} = readOptions<TopologyOptions>(nodeOptions, given)
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
function assertSense(plan: TopologyPlan, options: TopologyOptions): void {
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
  const option = nodeOptions.find(({long}) => long !== undefined && message.includes(long))
  return option?.attributeName() ?? 'backend'
}
