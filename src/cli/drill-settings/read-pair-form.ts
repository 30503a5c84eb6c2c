import type {Drill} from '../../engine/drills/contract/drill.js'
import {type Address, parseAddress} from '../../protocol/address.js'
import {pairTopologies} from '../../server/topology/topology-plans.js'
import {SERVERS} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {givenOptions} from '../options/form-fields.js'
import {type NodeOptions, nodeOptions} from '../options/node-options.js'
import {optionsOf, propertyOfOption} from '../options/option-spec.js'
import {readNodes} from '../options/read-nodes.js'

/** Options that say where the link is, which only the relay of a drill may. */
const placing = [
  'one-address',
  'address',
  'port',
  'crossed-ports',
] as const satisfies readonly (keyof typeof nodeOptions)[]

/** The pair that a form asks for, and what of it can't be had for this drill. */
export function readDrillPair(
  given: FormValues,
  drill: Pick<Drill, 'name' | 'needs'>,
): {options: NodeOptions; problems: FormValues} {
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
  const names = [
    ...('topology' in given ? ['topology'] : []),
    ...givenOptions(optionsOf(nodeOptions), given).map(({name}) => name),
  ]
  return Object.fromEntries(
    names.map(name => [name, 'Expected a pair that is launched; ^R leaves it to the running one']),
  )
}

function problemsOfPlaces(options: NodeOptions, {name, needs}: Pick<Drill, 'name' | 'needs'>): FormValues {
  if (needs?.includes('link') !== true) return {}
  const at = placing.find(option => options[propertyOfOption(option) as keyof NodeOptions] !== undefined)
  return at === undefined ? {} : {[at]: `Expected ${name} without addresses and ports: its link runs through a relay`}
}
