import type {UiState} from '../../../core/ui-state.js'
import {type DrillSummary, SERVERS} from '../../../ports/drill-port.js'
import type {FieldSpec, FormSpec, FormValues} from '../../../ports/form-spec.js'

/** The field that is the UI's own; the others are the drill's. */
export const ON_FIELD = 'on'
export const NEW_PAIR = 'a new pair'

type Surroundings = Pick<UiState, 'pairs' | 'nodes'>

/** The form of a drill, and before it on which pair it runs: on its own, or where it breaks nothing on one that runs. */
export function drillFormOn(drill: DrillSummary, surroundings: Surroundings): FormSpec {
  const {form} = drill
  const running = drill.sparesNodes ? runningPairs(surroundings) : []
  const [first, ...others] = form.fields
  const field: FieldSpec = {
    name: ON_FIELD,
    label: 'on',
    hint: hintOf(drill, running.length > 0),
    choices: [NEW_PAIR, ...running.map(({name}) => name)],
    ...(first?.group === undefined ? {} : {group: first.group}),
  }
  const {group: _, ...ungrouped} = first ?? {name: '', label: '', hint: ''}
  return {
    ...form,
    fields: [field, ...(first === undefined ? [] : [ungrouped, ...others])],
    resolve: given => {
      const own = ownValues(given, surroundings)
      const {values, problems, summary} = form.resolve(own ?? withoutPair(given))
      const gone = own === null ? {[ON_FIELD]: `Expected a pair that is there, got ${given[ON_FIELD]}`} : {}
      return {
        values: {[ON_FIELD]: NEW_PAIR, ...values, ...given},
        problems: {...gone, ...problems},
        ...(summary === undefined ? {} : {summary}),
      }
    },
  }
}

/** What a form was changed by, as the drill itself takes it; null where it was meant for a pair that is gone. */
export function ownValues(given: FormValues, surroundings: Surroundings): FormValues | null {
  const on = given[ON_FIELD] ?? NEW_PAIR
  const values = withoutPair(given)
  if (on === NEW_PAIR) return values
  const pair = runningPairs(surroundings).find(({name}) => name === on)
  return pair === undefined ? null : {...values, [SERVERS]: pair.addresses}
}

/** The running pair that was chosen; null: a new one. */
export function runningPair({[ON_FIELD]: on = NEW_PAIR}: FormValues): string | null {
  return on === NEW_PAIR ? null : on
}

function withoutPair(given: FormValues): FormValues {
  const {[ON_FIELD]: _, ...values} = given
  return values
}

function runningPairs({pairs, nodes}: Surroundings): {name: string; addresses: string}[] {
  const addressOf = (name: string) => nodes.find(node => node.name === name)?.address
  return pairs.flatMap(({master, slave}) => {
    const addresses = [addressOf(master), addressOf(slave)]
    return addresses.includes(undefined) ? [] : [{name: `${master} and ${slave}`, addresses: addresses.join(' ')}]
  })
}

function hintOf({sparesNodes}: DrillSummary, canChoose: boolean): string {
  if (!sparesNodes) return 'it breaks nodes, so it launches and ends its own pair; nodes on screen 1 are left alone'
  return canChoose
    ? '← → its own pair, or a running one, where its keys stay'
    : 'it launches and ends its own pair; 1 then n or a gives others to choose'
}
