import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {type TopologyPlan, topologyPlans} from '../../server/topology/topology-plans.js'
import type {FormResolution, FormSpec, FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {commandWords, defaultTexts, fieldOf, readFields} from './form-fields.js'
import {nodeOptions, placementOf, thirdOption} from './node-options.js'
import {optionsOf} from './option-spec.js'
import {readNodes} from './read-nodes.js'

const options = optionsOf({...thirdOption, ...nodeOptions})

/** Everything that `repbench up` can be told, as a form under the same rules. */
export const launchForm: FormSpec = {
  title: 'Launch nodes',
  accept: 'launch',
  fields: [
    {
      name: 'topology',
      label: 'topology',
      hint: '← → choose which nodes',
      choices: topologyPlans.map(({name}) => name),
    },
    ...options.map(fieldOf),
  ],
  resolve,
}

/**
 * What the texts of the form ask for.
 * @throws UsageError as the command line does
 */
export function launchOptionsOf(topology: string, given: FormValues): Omit<LaunchOptions, 'binPath'> {
  const asked = readNodes(given, {topology, third: wantsThird(given)})
  const [problem] = Object.entries(asked.problems)
  if (problem !== undefined) throw new UsageError(`${problem[0]}: ${problem[1]}`)
  return {...placementOf(asked.options), name: topology, third: wantsThird(given), usualPorts: true}
}

function resolve(given: FormValues): FormResolution {
  const values = {topology: 'pair', ...defaultTexts(options), ...given}
  const {problems, plan} = readNodes(given, {topology: values.topology, third: wantsThird(given)})
  if (plan === null) return {values, problems}
  const command = ['repbench up', values.topology, ...commandWords(options, given)].join(' ')
  return {values, problems, summary: `${command}   starts ${nodesOf(plan)}`}
}

function wantsThird(given: FormValues): boolean {
  return readFields<{third?: boolean}>(optionsOf(thirdOption), given).values.third === true
}

function nodesOf({nodes}: TopologyPlan): string {
  return nodes.map(({name, backend}) => `${name} ${backend}`).join(', ')
}
