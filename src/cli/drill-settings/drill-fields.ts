import {parseAssertion} from '../../engine/assertions/assertion.js'
import type {Drill} from '../../engine/drills/contract/drill.js'
import {drillMeasures} from '../../engine/drills/judge/drill-measures.js'
import {clientPolicies, policyNames} from '../../engine/plan/client-policies.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import {pairTopologies} from '../../server/topology/topology-plans.js'
import {BUDGET_FIELD, NO_BUDGET} from '../../ui/ports/drill-port.js'
import type {FieldSpec, FormValues} from '../../ui/ports/form-spec.js'
import {nodeFields, nodeOptions} from '../options/node-options-form.js'
import {usualOfOptions} from '../options/option-fields.js'
import {drillReaders} from './drill-readers.js'

export interface DrillField extends FieldSpec {
  /** What it is when nothing is given; absent: empty. */
  readonly usual?: string
  /** Throws one line that says what was expected; absent where there is a choice. */
  readonly read?: (text: string) => unknown
}

/** Fields that can be added to the drill's own budgets. */
const MORE_BUDGETS = 3

const pairFields: readonly DrillField[] = [
  {
    name: 'topology',
    label: 'topology',
    hint: 'the pair that is launched for it and ended after it; repcached and mixed need the C program',
    group: 'Pair',
    choices: pairTopologies,
    usual: 'pair',
  },
  ...nodeFieldsOf('resilient'),
]

/** The rest of how its nodes are set up, which is seldom changed. */
const morePairFields: readonly DrillField[] = nodeOptions
  .map(option => option.attributeName())
  .filter(name => name !== 'resilient')
  .flatMap(nodeFieldsOf)
  .map((field, index) => (index === 0 ? {...field, group: 'Nodes of the pair'} : field))

const loadFields: readonly (DrillField & {readonly sets: keyof LoadPlan})[] = [
  {
    ...setting('rate', {hint: 'operations per second, such as 2000 or 20k', group: 'Load', usual: '2000'}),
    sets: 'ratePerSecond',
  },
  {...setting('conns', {hint: 'connections', usual: '20'}), sets: 'connections'},
  {...setting('keys', {hint: 'how many keys are written and read', usual: '10000'}), sets: 'keyCount'},
  {...setting('sizes', {hint: 'bytes of values', usual: 'u100,1000'}), sets: 'sizes'},
  {...setting('mix', {hint: 'commands by weight', usual: 'set:1,get:1'}), sets: 'mix'},
  {...setting('timeout', {hint: 'of a call; the connection is given up then', usual: '1s'}), sets: 'timeoutMs'},
  {...setting('seed', {hint: 'of all that is drawn', usual: '1'}), sets: 'seed'},
]

const clientFields: readonly DrillField[] = [
  {
    ...setting('client-policy', {
      hint: 'whose defaults they have; the fields below and the time-out change them',
      group: 'Clients: how they fail over',
      usual: 'repbench',
    }),
    choices: policyNames,
  },
  setting('connect-timeout', {hint: 'of opening a connection; else as the time-out'}),
  setting('retries', {hint: 'attempts more at the same node before the other one', usual: '0'}),
  setting('retry-delay', {hint: 'between attempts at one node; else 10ms, then longer and longer, up to 500ms'}),
  setting('switch-back', {
    hint: 'once the first node has answered for so long (0s = at once), or never',
    usual: '0s',
  }),
]

const soakFields: readonly DrillField[] = [
  setting('duration', {
    hint: 'how long faults follow each other, such as 10m; else as many as below',
    group: 'Faults: drawn from the seed, each undone before the next',
  }),
  setting('faults', {hint: 'how many; else 5, unless there is a duration'}),
]

const timeFields: readonly DrillField[] = [
  setting('before', {hint: 'load before the fault', group: 'Times', usual: '3s'}),
  setting('hold', {hint: 'how long the fault lasts, where it does', usual: '2s'}),
  setting('settle', {hint: 'how long the pair may take to be whole again', usual: '15s'}),
  setting('after', {hint: 'load after that', usual: '2s'}),
]

const reportFields: readonly DrillField[] = [
  setting('repeat', {
    hint: 'run it so often, each time with new nodes; the report shows how far the figures lie apart',
    group: 'Report',
    usual: '1',
  }),
  setting('findings', {hint: 'a file for every key that is not as it should be, one JSON line each'}),
]

function setting(name: keyof typeof drillReaders, field: Pick<DrillField, 'hint' | 'group' | 'usual'>): DrillField {
  return {name, label: name, read: drillReaders[name], ...field}
}

/** The options and budgets of a drill; what its own load fixes cannot be chosen. */
export function fieldsOf(drill: Drill): readonly DrillField[] {
  const {plan = {}, isSoak = false} = drill
  const free = loadFields.filter(({sets}) => !(sets in plan)).map(({sets: _, ...field}) => field)
  return [
    ...pairFields,
    ...(isSoak ? soakFields : []),
    ...budgetFields(drill),
    ...free,
    ...clientFields,
    ...timeFields,
    ...reportFields,
    ...morePairFields,
  ]
}

const settingNames: ReadonlySet<string> = new Set(
  [...loadFields, ...clientFields, ...soakFields, ...timeFields, ...reportFields].map(({name}) => name),
)

/** What a drill is while nothing of it is changed but the policy of its clients. */
export function usualValues(drill: Drill, given: FormValues = {}): FormValues {
  const usual = fieldsOf(drill).flatMap(field => (field.usual === undefined ? [] : [[field.name, field.usual]]))
  return {...Object.fromEntries(usual), ...usualOfPolicy(drill, given)}
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

/** Whether a field is an option of `repbench drill` under its own name, and none of the pair's. */
export function isSetting(name: string): boolean {
  return settingNames.has(name)
}

function nodeFieldsOf(name: string): DrillField[] {
  const usual = usualOfOptions(nodeOptions)[name]
  return nodeFields
    .filter(field => field.name === name)
    .map(({group: _, ...field}) => ({...field, ...(usual === undefined ? {} : {usual})}))
}

/** A field for each budget, and some to add others. */
function budgetFields({assertions: budgets}: Drill): readonly DrillField[] {
  return Array.from({length: budgets.length + MORE_BUDGETS}, (_, index): DrillField => {
    const usual = budgets[index]
    return {
      name: `${BUDGET_FIELD}${index + 1}`,
      label: usual === undefined ? 'one more' : `budget ${index + 1}`,
      hint:
        usual === undefined
          ? 'such as rto<2s, lost==0, p99.during<50ms, diverged==0'
          : `what passes; ${NO_BUDGET} = not judged by it`,
      ...(index === 0 ? {group: 'Budgets: what the drill is judged by'} : {}),
      usual: usual ?? '',
      read: text => parseAssertion(text, drillMeasures),
    }
  })
}
