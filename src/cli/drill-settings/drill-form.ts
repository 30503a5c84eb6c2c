import {InvalidArgumentError} from 'commander'
import {type Assertion, parseAssertion} from '../../engine/assertions/assertion.js'
import type {Drill, DrillExtent} from '../../engine/drills/contract/drill.js'
import {type DrillLoadSettings, drillPlan} from '../../engine/drills/contract/drill-plan.js'
import type {DrillTiming} from '../../engine/drills/contract/drill-timing.js'
import {drillMeasures} from '../../engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../engine/drills/judge/drill-result.js'
import {AssertionSyntaxError, PlanError} from '../../engine/errors.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {Address} from '../../protocol/address.js'
import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {BUDGET_FIELD, budgetsOfForm, NO_BUDGET} from '../../ui/ports/drill-port.js'
import type {FormResolution, FormSpec, FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {propertyOfOption} from '../options/option-readers.js'
import {placementOf} from '../options/topology-options.js'
import {drillCommandLine} from './drill-command-line.js'
import {type DrillField, fieldsOf, isSetting, usualValues} from './drill-fields.js'
import {type DrillTimingOptions, timingOf} from './drill-timing.js'
import {readDrillPair, runningServers} from './read-pair-form.js'

/** A drill as the operator wants it: the same as the options of `repbench drill` say. */
export interface DrillSetup {
  /** How the pair is launched; not of a running one. */
  readonly launch: Omit<LaunchOptions, 'binPath'>
  /** A running pair, master first; null: one is launched. */
  readonly servers: readonly Address[] | null
  readonly plan: LoadPlan
  readonly timing: DrillTiming
  readonly extent: DrillExtent
  readonly budgets: readonly Assertion<DrillResult>[]
  readonly repeat: number
  /** The file for every key that is not as it should be; null: none. */
  readonly findings: string | null
}

/** The options of a drill and its budgets as fields, under the rules of the command line. */
export function drillForm(drill: Drill): FormSpec {
  return {
    title: `Drill ${drill.name}`,
    accept: 'run drill',
    keep: 'keep for later',
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
  const {duration, faults, repeat = 1, findings = ''} = settings
  const {options} = readDrillPair(given, drill)
  return {
    launch: {...placementOf(options), name: values.topology!},
    servers: runningServers(given),
    plan: planOf(drill, settings),
    timing: timingOf(settings),
    extent: {durationMs: duration === undefined ? null : duration * 1000, faults: faults ?? null},
    budgets: budgetsOfForm(values).map(expr => parseAssertion(expr, drillMeasures)),
    repeat,
    findings: findings.trim() === '' ? null : findings,
  }
}

interface DrillSettings extends DrillLoadSettings, DrillTimingOptions {
  /** Of a soak, in seconds. */
  readonly duration?: number
  readonly faults?: number
  readonly repeat?: number
  readonly findings?: string
}

function resolve(given: FormValues, drill: Drill): FormResolution {
  const values = {...usualValues(drill, given), ...given}
  const {settings, problems: unread} = readSettings(given, drill)
  const problems = {...problemsOfBudgets(values), ...readDrillPair(given, drill).problems, ...unread}
  const summary = drillCommandLine(drill, given)
  try {
    planOf(drill, settings)
    return {values, problems, summary}
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    const at = Object.keys(given).filter(isSetting).at(-1) ?? 'rate'
    return {values, problems: {[at]: error.message, ...problems}, summary}
  }
}

function problemsOfBudgets(values: FormValues): FormValues {
  return budgetsOfForm(values).length > 0
    ? {}
    : {[`${BUDGET_FIELD}1`]: 'Expected one budget at least: without any there is no verdict'}
}

function planOf(drill: Drill, settings: DrillSettings): LoadPlan {
  return drillPlan(drill, {...settings, soakSeconds: settings.duration})
}

/** What can be read of the texts, and what is wrong with the others. */
function readSettings(given: FormValues, drill: Drill): {settings: DrillSettings; problems: FormValues} {
  const settings: Record<string, unknown> = {}
  const problems: Record<string, string> = {}
  for (const field of fieldsOf(drill)) {
    const text = given[field.name]
    if (text === undefined || field.read === undefined) continue
    try {
      settings[propertyOfOption(field.name)] = readField(field, text)
    } catch (error) {
      if (!(error instanceof InvalidArgumentError || error instanceof AssertionSyntaxError)) throw error
      problems[field.name] = error.message
    }
  }
  // The readers' types are lost on the way; the names are those of the options.
  return {settings: settings as DrillSettings, problems}
}

function readField({name, read}: DrillField, text: string): unknown {
  return text === NO_BUDGET && !isSetting(name) ? null : read?.(text)
}
