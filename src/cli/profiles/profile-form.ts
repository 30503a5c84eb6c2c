import {InvalidArgumentError} from 'commander'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {FieldSpec, FormResolution, FormSpec, FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {describePlan} from '../documents/phrases/plan-text.js'
import {SettingError} from '../load-settings/contradictions.js'
import {describeSettings} from '../load-settings/describe-settings.js'
import {jsonNotations} from '../load-settings/json-notations.js'
import {planFromSettings} from '../load-settings/plan-from-settings.js'
import {type LoadSettings, type SettingName, settingNamed, settingNames} from '../load-settings/settings.js'
import {assertField, problemsOfAssertions} from './assert-field.js'
import {problemsOfReport, reportFields} from './report-fields.js'

/** The settings of a load as the fields of a form, under the same names and rules as the options of `repbench load`. */

interface FormBase {
  /** What the form changes. */
  readonly base: LoadPlan
  /** Of this machine, for `threads: auto`. */
  readonly cpuCount: number
}

const groups: Partial<Readonly<Record<SettingName, string>>> = {
  rate: 'How fast and how long',
  method: 'What is sent',
  keys: 'Keys',
  noreply: 'Checks and faults',
  threads: 'Generator',
}

const fields: readonly FieldSpec[] = settingNames.map(name => {
  const group = groups[name]
  const choices = choicesOf(name)
  return {
    name,
    label: name,
    hint: settingNamed(name).summary,
    ...(group === undefined ? {} : {group}),
    ...(choices === undefined ? {} : {choices}),
  }
})

const usualReport: FormValues = {repeat: '1', check: 'on'}

export function profileForm({base, cpuCount}: FormBase): FormSpec {
  return {
    title: `Profile ${base.name}`,
    accept: 'start load',
    fields: [...fields, assertField, ...reportFields],
    resolve: given => resolve(given, {base, cpuCount}),
  }
}

/**
 * The load that the texts of a form ask for.
 * @throws UsageError as the command line does
 */
export function planFromForm(given: FormValues, {base, cpuCount}: FormBase, name?: string): LoadPlan {
  const {settings, problems} = readSettings(given)
  const [problem] = Object.entries(problems)
  if (problem !== undefined) throw new UsageError(`${problem[0]}: ${problem[1]}`)
  return planFromSettings({base, given: settings, spell: key => key, cpuCount, ...(name === undefined ? {} : {name})})
}

/** A load as texts of all fields; what does not apply to it is left out. */
export function formValues(plan: LoadPlan): Readonly<Partial<Record<SettingName, string>>> {
  const isOpen = plan.ratePerSecond > 0
  const usual: Partial<Record<SettingName, string>> = {
    ...(isOpen ? {arrival: 'deterministic'} : {pipeline: '1'}),
    'conn-rate': '0',
    warmup: '0s',
    'key-dist': 'sequential',
    multiget: '1',
    ttl: '0s',
  }
  const flags = settingNames.filter(isFlag).map(name => [name, 'off'] as const)
  const described = describeSettings(plan).map(
    ([name, value]) => [name, value === true ? 'on' : String(value)] as const,
  )
  return {...usual, ...Object.fromEntries([...flags, ...described])}
}

export function isFlag(name: SettingName): boolean {
  return settingNamed(name).read === undefined
}

function resolve(given: FormValues, {base, cpuCount}: FormBase): FormResolution {
  const {settings, problems: unread} = readSettings(given)
  const problems = {...unread, ...problemsOfAssertions(given)}
  try {
    const plan = planFromSettings({base, given: settings, spell: name => name, cpuCount})
    const values = {...formValues(plan), ...usualReport, ...given}
    return {values, problems: {...problems, ...problemsOfReport(given, plan.verify)}, summary: describePlan(plan)}
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const at = error instanceof SettingError ? error.setting : (Object.keys(given).at(-1) ?? 'rate')
    return {values: {...formValues(base), ...usualReport, ...given}, problems: {[at]: error.message, ...problems}}
  }
}

/** What can be read of the texts, and what is wrong with the others. */
function readSettings(given: FormValues): {settings: LoadSettings; problems: FormValues} {
  const settings: Partial<Record<SettingName, unknown>> = {}
  const problems: Record<string, string> = {}
  for (const name of settingNames) {
    const text = given[name]
    if (text === undefined) continue
    try {
      settings[name] = readText(name, text)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError)) throw error
      problems[name] = error.message
    }
  }
  // The readers' types are lost on the way, which the settings' own type has.
  return {settings: settings as LoadSettings, problems}
}

function readText(name: SettingName, text: string): unknown {
  const {read} = settingNamed(name)
  return read === undefined ? text === 'on' : read(text)
}

function choicesOf(name: SettingName): readonly string[] | undefined {
  if (isFlag(name)) return ['off', 'on']
  const notation = jsonNotations[name]
  return 'enum' in notation ? (notation.enum as readonly string[]) : undefined
}
