import {InvalidArgumentError} from 'commander'
import {type Assertion, parseAssertion} from '../../engine/assertions/assertion.js'
import type {Drill} from '../../engine/drills/drill.js'
import {drillMeasures} from '../../engine/drills/drill-assertions.js'
import {drillPlan} from '../../engine/drills/drill-plan.js'
import type {DrillResult} from '../../engine/drills/drill-result.js'
import type {DrillTiming} from '../../engine/drills/run-drill.js'
import {AssertionSyntaxError, PlanError} from '../../engine/errors.js'
import type {LoadPlan} from '../../engine/plan.js'
import type {FormResolution, FormSpec, FormValues} from '../../ui/components/form/form-spec.js'
import {budgetsOfForm, NO_BUDGET} from '../../ui/drill-port.js'
import {UsageError} from '../errors.js'
import {type DrillField, fieldsOf, isSetting} from './drill-fields.js'
import {timingOf} from './drill-timing.js'

/** A drill as the operator wants it: the same as the options of `repbench drill` say. */
export interface DrillSetup {
  readonly topology: string
  readonly resilient: boolean
  readonly plan: LoadPlan
  readonly timing: DrillTiming
  readonly budgets: readonly Assertion<DrillResult>[]
}

/** The options of a drill and its budgets as fields, under the rules of the command line. */
export function drillForm(drill: Drill): FormSpec {
  return {
    title: `Drill ${drill.name}`,
    fields: fieldsOf(drill).map(({usual: _, read: __, ...field}) => field),
    resolve: given => resolve(given, drill),
  }
}

/**
 * What the texts of a form ask for.
 * @throws UsageError as the command line does
 */
export function setupFromForm(given: FormValues, drill: Drill): DrillSetup {
  const {values, problems} = resolve(given, drill)
  const [problem] = Object.entries(problems)
  if (problem !== undefined) throw new UsageError(`${problem[0]}: ${problem[1]}`)
  const {settings} = readSettings(given, drill)
  return {
    topology: values.topology!,
    resilient: values.resilient === 'on',
    plan: drillPlan(drill, settings),
    timing: timingOf(settings),
    budgets: budgetsOfForm(values).map(expr => parseAssertion(expr, drillMeasures)),
  }
}

function resolve(given: FormValues, drill: Drill): FormResolution {
  const fields = fieldsOf(drill)
  const usual = Object.fromEntries(fields.map(({name, usual}) => [name, usual]))
  const values = {...usual, ...given}
  const {settings, problems} = readSettings(given, drill)
  const summary = commandLine(drill, given, values)
  try {
    drillPlan(drill, settings)
    return {values, problems, summary}
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    const at = Object.keys(given).filter(isSetting).at(-1) ?? 'rate'
    return {values, problems: {[at]: error.message, ...problems}, summary}
  }
}

/** What can be read of the texts, and what is wrong with the others. */
function readSettings(given: FormValues, drill: Drill): {settings: Record<string, never>; problems: FormValues} {
  const settings: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fieldsOf(drill)) {
    const text = given[field.name]
    if (text === undefined) continue
    try {
      settings[field.name] = readField(field, text)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError || error instanceof AssertionSyntaxError)) throw error
      problems[field.name] = error.message
    }
  }
  // The readers' types are lost on the way; the names are those of the options.
  return {settings: settings as Record<string, never>, problems}
}

function readField({read, choices}: DrillField, text: string): unknown {
  if (read !== undefined) return text === NO_BUDGET ? null : read(text)
  if (choices?.includes(text) === true) return text
  throw new InvalidArgumentError(`Expected one of ${choices?.join(', ')}, got '${text}'`)
}

/** The same drill without the screen. */
function commandLine({name, budgets}: Drill, given: FormValues, values: FormValues): string {
  const options = Object.entries(given).flatMap(([option, text]) => {
    if (option === 'resilient') return text === 'on' ? ['--resilient'] : []
    return isSetting(option) ? [`--${option} ${text}`] : []
  })
  const wanted = budgetsOfForm(values)
  const changed = wanted.join() !== budgets.join()
  const asserts = changed ? wanted.map(expr => `--assert '${expr}'`) : []
  return ['repbench drill', name, ...options, ...asserts].join(' ')
}
