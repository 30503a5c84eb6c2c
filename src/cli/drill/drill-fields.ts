import {parseAssertion} from '../../engine/assertions/assertion.js'
import type {Drill} from '../../engine/drills/drill.js'
import {drillMeasures} from '../../engine/drills/drill-assertions.js'
import type {LoadPlan} from '../../engine/plan.js'
import {pairTopologies} from '../../server/topology-plans.js'
import type {FieldSpec} from '../../ui/components/form/form-spec.js'
import {BUDGET_FIELD, NO_BUDGET} from '../../ui/drill-port.js'
import {integerReader, readMix, readRate, readSizes, readTimeout} from '../load/readers.js'
import {readDuration} from '../options.js'

export interface DrillField extends FieldSpec {
  /** What it is when nothing is given. */
  readonly usual: string
  /** Throws one line that says what was expected; absent where there is a choice. */
  readonly read?: (text: string) => unknown
}

/** Fields that can be added to the drill's own budgets. */
const MORE_BUDGETS = 3

const pairFields: readonly DrillField[] = [
  {
    name: 'topology',
    label: 'topology',
    hint: 'the pair that is launched for it; repcached and mixed need the C program',
    group: 'Pair',
    choices: pairTopologies,
    usual: 'pair',
  },
  {
    name: 'resilient',
    label: 'resilient',
    hint: 'embedded nodes find each other again after an outage',
    choices: ['off', 'on'],
    usual: 'off',
  },
]

const loadFields: readonly (DrillField & {readonly sets: keyof LoadPlan})[] = [
  {
    name: 'rate',
    label: 'rate',
    hint: 'operations per second, such as 2000 or 20k',
    group: 'Load',
    usual: '2000',
    read: readRate,
    sets: 'ratePerSecond',
  },
  {
    name: 'conns',
    label: 'conns',
    hint: 'connections',
    usual: '20',
    read: integerReader('connections'),
    sets: 'connections',
  },
  {
    name: 'keys',
    label: 'keys',
    hint: 'how many keys are written and read',
    usual: '10000',
    read: integerReader('keys'),
    sets: 'keyCount',
  },
  {name: 'sizes', label: 'sizes', hint: 'bytes of values', usual: 'u100,1000', read: readSizes, sets: 'sizes'},
  {name: 'mix', label: 'mix', hint: 'commands by weight', usual: 'set:1,get:1', read: readMix, sets: 'mix'},
  {
    name: 'timeout',
    label: 'timeout',
    hint: 'of a call and of connecting',
    usual: '1s',
    read: readTimeout,
    sets: 'timeoutMs',
  },
  {name: 'seed', label: 'seed', hint: 'of all that is drawn', usual: '1', read: integerReader('seed'), sets: 'seed'},
]

const timeFields: readonly DrillField[] = [
  {name: 'before', label: 'before', hint: 'load before the fault', group: 'Times', usual: '3s', read: readDuration},
  {name: 'hold', label: 'hold', hint: 'how long the fault lasts, where it does', usual: '2s', read: readDuration},
  {
    name: 'settle',
    label: 'settle',
    hint: 'how long the pair may take to be whole again',
    usual: '15s',
    read: readDuration,
  },
  {name: 'after', label: 'after', hint: 'load after that', usual: '2s', read: readDuration},
]

/** The options and budgets of a drill; what its own load fixes cannot be chosen. */
export function fieldsOf(drill: Drill): readonly DrillField[] {
  const {plan = {}} = drill
  const free = loadFields.filter(({sets}) => !(sets in plan)).map(({sets: _, ...field}) => field)
  return [...pairFields, ...budgetFields(drill), ...free, ...timeFields]
}

/** Whether a field is an option of `repbench drill` under its own name. */
export function isSetting(name: string): boolean {
  return !name.startsWith(BUDGET_FIELD)
}

/** A field for each budget, and some to add others. */
function budgetFields({budgets}: Drill): readonly DrillField[] {
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
