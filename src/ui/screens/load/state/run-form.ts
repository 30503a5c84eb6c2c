import type {FieldSpec, FormSpec, FormValues} from '../../../ports/form-spec.js'
import type {ProfileSummary} from '../../../ports/run-port.js'

/** Names of the fields that are the UI's own; the others are the profile's. */
export const TARGET_FIELD = 'target'
export const LAG_FIELD = 'lag-probe'
export const BOTH_FIELD = 'both'

interface Surroundings {
  /** Names of the nodes that can be loaded, the chosen one being `target`. */
  readonly nodes: readonly string[]
  readonly target: string | undefined
  readonly lagProbe: boolean
  readonly both: boolean
  /** Names of the nodes that have another one to fail over to. */
  readonly paired: readonly string[]
}

const targetField: FieldSpec = {
  name: TARGET_FIELD,
  label: 'target',
  hint: 'the node that the load goes to',
  group: 'Where',
}
const lagField: FieldSpec = {
  name: LAG_FIELD,
  label: 'lag-probe',
  hint: 'measure the replication lag of the pair, both ways',
  choices: ['off', 'on'],
}

const bothField: FieldSpec = {
  name: BOTH_FIELD,
  label: 'both nodes',
  hint: 'half of the connections to each node of the pair',
  choices: ['off', 'on'],
}

/** Everything about a run in one form: where it goes, then the settings of its profile. */
export function runForm(profile: ProfileSummary, {nodes, target, lagProbe, both, paired}: Surroundings): FormSpec {
  const fields: FieldSpec[] = [
    ...(nodes.length > 0 ? [{...targetField, choices: nodes}] : []),
    ...(paired.length > 0 ? [lagField, bothField] : []),
    ...profile.form.fields,
  ]
  const resolve = (given: FormValues) => {
    const {values, problems, summary} = profile.form.resolve(settingsOf(given))
    const to = given[TARGET_FIELD] ?? target ?? ''
    const alone = nodes.length > 0 && !paired.includes(to)
    const needing = [
      ...(values.failover === 'on' ? ['failover'] : []),
      ...((given[BOTH_FIELD] ?? onOff(both)) === 'on' ? [BOTH_FIELD] : []),
    ]
    const lonely = needing.map(name => [name, `Expected a target with a partner, got ${to} alone`])
    return {
      values: {[TARGET_FIELD]: to, [LAG_FIELD]: onOff(lagProbe), [BOTH_FIELD]: onOff(both), ...values, ...given},
      problems: alone ? {...problems, ...Object.fromEntries(lonely)} : problems,
      ...(summary === undefined ? {} : {summary}),
    }
  }
  return {title: `Run ${profile.name}`, accept: 'start load', keep: 'save as file', fields, resolve}
}

function onOff(isOn: boolean): 'on' | 'off' {
  return isOn ? 'on' : 'off'
}

/** What was given for the profile itself. */
export function settingsOf(given: FormValues): FormValues {
  const {[TARGET_FIELD]: _, [LAG_FIELD]: __, [BOTH_FIELD]: ___, ...settings} = given
  return settings
}

/** Asks for the file of a profile. */
export function saveForm(profile: string): FormSpec {
  const usual = /\.ya?ml$/i.test(profile) ? profile : `my-${profile}.yaml`
  return {
    title: 'Save the profile',
    accept: 'save',
    fields: [{name: 'file', label: 'file', hint: 'a path, or a name in the working directory; ends in .yaml'}],
    resolve: ({file}) => {
      const path = file ?? usual
      const isYaml = /[^/]\.ya?ml$/i.test(path)
      return {
        values: {file: path},
        problems: isYaml ? {} : {file: `Expected the name of a file that ends in .yaml, got '${path}'`},
        summary: `repbench load --profile ${path.includes('/') ? path : `./${path}`}`,
      }
    },
  }
}
