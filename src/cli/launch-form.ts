import {InvalidArgumentError, type Option} from 'commander'
import {TopologyError} from '../server/node-errors.js'
import {assertTuningFits} from '../server/node-tuning.js'
import {planTopology} from '../server/plan-topology.js'
import type {LaunchOptions} from '../server/topology.js'
import {hasPair, type TopologyPlan, topologyPlans} from '../server/topology-plans.js'
import type {FieldSpec, FormResolution, FormSpec, FormValues} from '../ui/components/form/form-spec.js'
import {UsageError} from './errors.js'
import {placementOf, programOptions, type TopologyOptions, topologyOptions} from './topology-options.js'

const YES = 'yes'
const AS_USUAL = '–'

const groups: Readonly<Record<string, string>> = {
  oneAddress: 'where they listen',
  memory: 'how they are set up',
  memcachedBin: 'which programs',
}

/** Everything that `repbench up` can be told, as a form under the same rules. */
export const launchForm: FormSpec = {
  title: 'Launch nodes',
  fields: [
    {
      name: 'topology',
      label: 'topology',
      hint: '← → choose which nodes',
      choices: topologyPlans.map(({name}) => name),
    },
    ...fieldOptions().map(fieldOf),
  ],
  resolve,
}

function fieldOptions(): Option[] {
  return [...topologyOptions(), ...programOptions()]
}

/**
 * What the texts of the form ask for.
 * @throws UsageError as the command line does
 */
export function launchOptionsOf(topology: string, given: FormValues): Omit<LaunchOptions, 'binPath'> {
  const {options, problems} = readOptions(given)
  const [problem] = Object.entries(problems)
  if (problem !== undefined) throw new UsageError(`${problem[0]}: ${problem[1]}`)
  return {...placementOf(options), name: topology, usualPorts: true}
}

function fieldOf(option: Option): FieldSpec {
  const name = option.attributeName()
  const choices = option.isBoolean() ? [AS_USUAL, YES] : option.argChoices && [AS_USUAL, ...option.argChoices]
  return {
    name,
    label: (option.long ?? '').replace('--', ''),
    hint: option.description,
    ...(choices === undefined ? {} : {choices}),
    ...(groups[name] === undefined ? {} : {group: groups[name]}),
  }
}

function resolve(given: FormValues): FormResolution {
  const usual = Object.fromEntries(
    fieldOptions().flatMap(option =>
      option.isBoolean() || option.argChoices !== undefined ? [[option.attributeName(), AS_USUAL]] : [],
    ),
  )
  const values = {topology: 'pair', ...usual, ...given}
  const {options, problems} = readOptions(given)
  try {
    const plan = planTopology({name: values.topology, backend: options.backend})
    assertSense(plan, options)
    return {values, problems, summary: `repbench up ${values.topology}${words(given)}   starts ${nodesOf(plan)}`}
  } catch (error) {
    if (!(error instanceof TopologyError)) throw error
    return {values, problems: {[fieldAtFault(error.message)]: error.message, ...problems}}
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
  const option = fieldOptions().find(({long}) => long !== undefined && message.includes(long))
  return option?.attributeName() ?? 'backend'
}

function readOptions(given: FormValues): {options: TopologyOptions; problems: FormValues} {
  const options: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const option of fieldOptions()) {
    const name = option.attributeName()
    const text = given[name]
    if (text === undefined || text === AS_USUAL) continue
    try {
      options[name] = option.isBoolean() ? true : (option.parseArg?.(text, undefined) ?? text)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      problems[name] = error.message
    }
  }
  if (options.oneAddress && options.address !== undefined) {
    problems.address = 'Expected either one-address or address, got both'
  }
  return {options, problems}
}

/** The same as the words of a command line. */
function words(given: FormValues): string {
  return fieldOptions()
    .flatMap(option => {
      const text = given[option.attributeName()]
      if (text === undefined || text === AS_USUAL) return []
      return option.isBoolean() ? [` ${option.long}`] : [` ${option.long} ${/\s/.test(text) ? `'${text}'` : text}`]
    })
    .join('')
}

function nodesOf({nodes}: TopologyPlan): string {
  return nodes.map(({name, backend}) => `${name} ${backend}`).join(', ')
}
