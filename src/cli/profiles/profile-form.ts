import type {LoadPlan} from '../../engine/plan/plan.js'
import type {FormResolution, FormSpec, FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {describePlan} from '../documents/phrases/plan-text.js'
import {SettingError} from '../load-settings/contradictions.js'
import {describeSettings} from '../load-settings/describe-settings.js'
import {type LoadSettings, loadOptions, type SettingName} from '../load-settings/load-options.js'
import {planFromSettings} from '../load-settings/plan-from-settings.js'
import {problemsOfReport, reportFields} from '../load-settings/report-options.js'
import {defaultTexts, fieldOf, readFields} from '../options/form-fields.js'
import {optionsOf} from '../options/option-spec.js'

/** The settings of a load as the fields of a form, under the same names and rules as the options of `repbench load`. */

interface FormBase {
  /** What the form changes. */
  readonly base: LoadPlan
  /** Of this machine, for `threads: auto`. */
  readonly cpuCount: number
}

const options = optionsOf(loadOptions)
const reportTexts = defaultTexts(reportFields)

export function profileForm({base, cpuCount}: FormBase): FormSpec {
  return {
    title: `Profile ${base.name}`,
    accept: 'start load',
    fields: [...options, ...reportFields].map(fieldOf),
    resolve: given => resolve(given, {base, cpuCount}),
  }
}

/**
 * The load that the texts of a form ask for.
 * @throws UsageError as the command line does
 */
export function planFromForm(given: FormValues, {base, cpuCount}: FormBase, name?: string): LoadPlan {
  const {values: settings, problems} = readFields<LoadSettings>(options, given)
  const [problem] = Object.entries(problems)
  if (problem !== undefined) throw new UsageError(`${problem[0]}: ${problem[1]}`)
  return planFromSettings({base, given: settings, spell: key => key, cpuCount, ...(name === undefined ? {} : {name})})
}

/** A load as texts of all fields; what does not apply to it is left out. */
export function formValues(plan: LoadPlan): Readonly<Partial<Record<SettingName, string>>> {
  const {[plan.ratePerSecond > 0 ? 'pipeline' : 'arrival']: _, ...usual} = defaultTexts(options)
  const described = describeSettings(plan).map(
    ([name, value]) => [name, value === true ? 'on' : String(value)] as const,
  )
  return {...usual, ...Object.fromEntries(described)}
}

function resolve(given: FormValues, {base, cpuCount}: FormBase): FormResolution {
  const {values: settings, problems: unread} = readFields<LoadSettings>(options, given)
  try {
    const plan = planFromSettings({base, given: settings, spell: name => name, cpuCount})
    const problems = {...unread, ...problemsOfReport(given, plan.verify)}
    return {values: {...formValues(plan), ...reportTexts, ...given}, problems, summary: describePlan(plan)}
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    const at = error instanceof SettingError ? error.setting : (Object.keys(given).at(-1) ?? 'rate')
    const problems = {[at]: error.message, ...unread, ...readFields(reportFields, given).problems}
    return {values: {...formValues(base), ...reportTexts, ...given}, problems}
  }
}
