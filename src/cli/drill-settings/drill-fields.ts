import type {Drill} from '../../engine/drills/contract/drill.js'
import {drillMeasures} from '../../engine/drills/judge/drill-measures.js'
import {clientPolicies, policyNames} from '../../engine/plan/client-policies.js'
import {ASSERTION_FIELD, assertionsOfForm, NO_ASSERTION, SERVERS} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {assertionReader} from '../options/assertions.js'
import {commandWords, defaultTexts} from '../options/form-fields.js'
import {nodeOptions} from '../options/node-options.js'
import {type NamedOption, optionsOf} from '../options/option-spec.js'
import {type DrillOption, drillOptions} from './drill-options.js'

/** Fields that can be added to the drill's own assertions. */
const MORE_ASSERTIONS = 3

const ownOptions: readonly (NamedOption & DrillOption<unknown>)[] = optionsOf(drillOptions)
const inForm = ownOptions.filter(({name, commandOnly}) => name !== 'topology' && commandOnly !== true)
const topology = ownOptions.filter(({name}) => name === 'topology')
const nodes = optionsOf(nodeOptions).map(({group: _, ...option}): NamedOption => option)
const resilient = nodes.filter(({name}) => name === 'resilient')
/** How its nodes are set up, which is seldom changed. */
const moreOfNodes = nodes
  .filter(({name}) => name !== 'resilient')
  .map((option, index) => (index === 0 ? {...option, group: 'Nodes of the pair'} : option))

/** The options and assertions of a drill as the fields of its form; what its own load fixes cannot be chosen. */
export function fieldsOf(drill: Drill): readonly NamedOption[] {
  const {plan = {}, isSoak = false} = drill
  const soak = isSoak ? inForm.filter(({soakOnly}) => soakOnly) : []
  const free = inForm.filter(({planField, soakOnly}) => !soakOnly && (planField === undefined || !(planField in plan)))
  return [...topology, ...resilient, ...soak, ...assertionFields(drill), ...free, ...moreOfNodes]
}

/** What a drill is while nothing of it is changed but the policy of its clients. */
export function usualValues(drill: Drill, given: FormValues = {}): FormValues {
  return {...defaultTexts(fieldsOf(drill)), ...usualOfPolicy(drill, given)}
}

/** Whether a field is an option of the drill itself: none of the nodes, and no assertion. */
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
    ...assertionWords(drill, given),
  ].join(' ')
}

/** Those of the command line replace all of the drill's own. */
function assertionWords(drill: Drill, given: FormValues): string[] {
  const wanted = assertionsOfForm({...usualValues(drill), ...given})
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

/** A field for each assertion, and some to add others. */
function assertionFields({assertions}: Drill): readonly NamedOption[] {
  return Array.from({length: assertions.length + MORE_ASSERTIONS}, (_, index): NamedOption => {
    const own = assertions[index]
    return {
      name: `${ASSERTION_FIELD}${index + 1}`,
      label: own === undefined ? 'one more' : `assertion ${index + 1}`,
      value: '<expr>',
      summary:
        own === undefined
          ? 'such as rto<2s, lost==0, p99.during<50ms, diverged==0'
          : `what passes; ${NO_ASSERTION} = not judged by it`,
      ...(index === 0 ? {group: 'Assertions: what the drill is judged by'} : {}),
      default: own ?? '',
      read: readOwnAssertion,
    }
  })
}

const readAssertion = assertionReader(drillMeasures)

function readOwnAssertion(text: string): unknown {
  return text === NO_ASSERTION ? null : readAssertion(text)
}
