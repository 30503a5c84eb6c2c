import type {Drill} from '../../engine/drills/contract/drill.js'
import {type Address, parseAddress} from '../../protocol/address.js'
import {pairTopologies} from '../../server/topology/topology-plans.js'
import {SERVERS} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {nodeOptions, readNodes} from '../options/node-options-form.js'
import {givenOptions} from '../options/option-fields.js'
import type {TopologyOptions} from '../options/topology-options.js'

/** Options that say where the link is, which only the relay of a drill may. */
const placing: readonly (keyof TopologyOptions)[] = ['oneAddress', 'address', 'port', 'crossedPorts']

/** The pair that a form asks for, and what of it can't be had for this drill. */
export function readDrillPair(
  given: FormValues,
  drill: Pick<Drill, 'name' | 'needs'>,
): {options: TopologyOptions; problems: FormValues} {
  const {topology = 'pair'} = given
  if (!pairTopologies.includes(topology)) {
    return {options: {}, problems: {topology: `Expected one of ${pairTopologies.join(', ')}, got '${topology}'`}}
  }
  if (runningServers(given) !== null) return {options: {}, problems: problemsOfRunning(given)}
  const {options, problems} = readNodes(given, {topology})
  return {options, problems: {...problemsOfPlaces(options, drill), ...problems}}
}

/** Servers that run already instead of a pair of its own; null: none were given. */
export function runningServers(given: FormValues): readonly Address[] | null {
  const text = given[SERVERS]
  return text === undefined ? null : text.split(' ').map(parseAddress)
}

/** They are as they are. */
function problemsOfRunning(given: FormValues): FormValues {
  const names = [...('topology' in given ? ['topology'] : []), ...givenOptions(nodeOptions, given).map(nameOf)]
  return Object.fromEntries(
    names.map(name => [name, 'Expected a pair that is launched; ^R leaves it to the running one']),
  )
}

function problemsOfPlaces(options: TopologyOptions, {name, needs}: Pick<Drill, 'name' | 'needs'>): FormValues {
  if (needs?.includes('link') !== true) return {}
  const at = placing.find(option => options[option] !== undefined)
  return at === undefined ? {} : {[at]: `Expected ${name} without addresses and ports: its link runs through a relay`}
}

function nameOf(option: {attributeName(): string}): string {
  return option.attributeName()
}
