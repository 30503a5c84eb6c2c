import type {Drill} from '../../engine/drills/contract/drill.js'
import {drillMeasures} from '../../engine/drills/judge/drill-measures.js'
import {clientPolicies, policyNames} from '../../engine/plan/client-policies.js'
import {BUDGET_FIELD, budgetsOfForm, NO_BUDGET, SERVERS} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {assertionReader} from '../options/assertions.js'
import {commandWords, defaultTexts} from '../options/form-fields.js'
import {nodeOptions} from '../options/node-options.js'
import {type NamedOption, optionsOf} from '../options/option-spec.js'
import {type DrillOption, drillOptions} from './drill-options.js'

/** Fields that can be added to the drill's own budgets. */
const MORE_BUDGETS = 3

const ownOptions: readonly (NamedOption & DrillOption<unknown>)[] = optionsOf(drillOptions)
const inForm = ownOptions.filter(({name, commandOnly}) => name !== 'topology' && commandOnly !== true)
const topology = ownOptions.filter(({name}) => name === 'topology')
const nodes = optionsOf(nodeOptions).map(({group: _, ...option}): NamedOption => option)
const resilient = nodes.filter(({name}) => name === 'resilient')
/** How its nodes are set up, which is seldom changed. */
const moreOfNodes = nodes
  .filter(({name}) => name !== 'resilient')
  .map((option, index) => (index === 0 ? {...option, group: 'Nodes of the pair'} : option))

/** The options and budgets of a drill as the fields of its form; what its own load fixes cannot be chosen. */
export function fieldsOf(drill: Drill): readonly NamedOption[] {
  const {plan = {}, isSoak = false} = drill
  const soak = isSoak ? inForm.filter(({soakOnly}) => soakOnly) : []
  const free = inForm.filter(({planField, soakOnly}) => !soakOnly && (planField === undefined || !(planField in plan)))
  return [...topology, ...resilient, ...soak, ...budgetFields(drill), ...free, ...moreOfNodes]
}

/** What a drill is while nothing of it is changed but the policy of its clients. */
export function usualValues(drill: Drill, given: FormValues = {}): FormValues {
  return {...defaultTexts(fieldsOf(drill)), ...usualOfPolicy(drill, given)}
}

/** Whether a field is an option of the drill itself: none of the nodes, and no budget. */
export function isDrillOption(name: string): boolean {
  return inForm.some(option => option.name === name)
}

/** The same drill as a form asks for, without the screen. */
export function drillCommandLine(drill: Drill, given: FormValues): string {
  const servers = given[SERVERS]?.split(' ') ?? []
  const own = fieldsOf(drill).filter(({name}) => isDrillOption(name))
  return [
    'repbench drill',
    drill.name,
    ...commandWords(topology, given),
    ...servers.map(server => `--server ${server}`),
    ...commandWords(nodes, given),
    ...commandWords(own, given),
    ...budgetWords(drill, given),
  ].join(' ')
}

/** Those of the command line replace all of the drill's own. */
function budgetWords(drill: Drill, given: FormValues): string[] {
  const wanted = budgetsOfForm({...usualValues(drill), ...given})
  return wanted.join() === drill.assertions.join() ? [] : wanted.map(expr => `--assert '${expr}'`)
}

/** The fields of a client policy that the form shows, as that policy has them. */
function usualOfPolicy(drill: Drill, {'client-policy': name}: FormValues): FormValues {
  const policy = policyNames.find(known => known === name)
  if (policy === undefined || policy === 'repbench') return {}
  const {timeoutMs, connectTimeoutMs, retries, retryDelayMs} = clientPolicies[policy]
  const lengthOf = (ms: number | null): string => (ms === null ? 'none' : `${ms}ms`)
  return {
    ...('timeoutMs' in (drill.plan ?? {}) ? {} : {timeout: lengthOf(timeoutMs)}),
    'connect-timeout': lengthOf(connectTimeoutMs),
    retries: String(retries),
    ...(retryDelayMs === null ? {} : {'retry-delay': `${retryDelayMs}ms`}),
  }
}

/** A field for each budget, and some to add others. */
function budgetFields({assertions: budgets}: Drill): readonly NamedOption[] {
  return Array.from({length: budgets.length + MORE_BUDGETS}, (_, index): NamedOption => {
    const own = budgets[index]
    return {
      name: `${BUDGET_FIELD}${index + 1}`,
      label: own === undefined ? 'one more' : `budget ${index + 1}`,
      value: '<expr>',
      summary:
        own === undefined
          ? 'such as rto<2s, lost==0, p99.during<50ms, diverged==0'
          : `what passes; ${NO_BUDGET} = not judged by it`,
      ...(index === 0 ? {group: 'Budgets: what the drill is judged by'} : {}),
      default: own ?? '',
      read: readBudget,
    }
  })
}

const readAssertion = assertionReader(drillMeasures)

function readBudget(text: string): unknown {
  return text === NO_BUDGET ? null : readAssertion(text)
}
