import {type Assertion, parseAssertion} from '../../engine/assertions/assertion.js'
import type {Drill, DrillExtent} from '../../engine/drills/contract/drill.js'
import {drillPlan} from '../../engine/drills/contract/drill-plan.js'
import type {DrillTiming} from '../../engine/drills/contract/drill-timing.js'
import {drillMeasures} from '../../engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../engine/drills/judge/drill-result.js'
import {PlanError} from '../../engine/errors.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import type {Address} from '../../protocol/address.js'
import type {LaunchOptions} from '../../server/topology/launch-options.js'
import {ASSERTION_FIELD, assertionsOfForm} from '../../ui/ports/drill-port.js'
import type {FormResolution, FormSpec, FormValues} from '../../ui/ports/form-spec.js'
import {UsageError} from '../app/errors.js'
import {fieldOf, readFields} from '../options/form-fields.js'
import {placementOf} from '../options/node-options.js'
import {drillCommandLine, fieldsOf, isDrillOption, usualValues} from './drill-fields.js'
import {ALL_POLICIES, type DrillSettings, loadChanges, timingOf} from './drill-options.js'
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
  readonly assertions: readonly Assertion<DrillResult>[]
  readonly repeat: number
  /** The file for every key that is not as it should be; null: none. */
  readonly findings: string | null
}

/** The options of a drill and its assertions as fields, under the rules of the command line. */
export function drillForm(drill: Drill): FormSpec {
  return {
    title: `Drill ${drill.name}`,
    accept: 'run drill',
    keep: 'keep for later',
    fields: fieldsOf(drill).map(fieldOf),
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
  const {values: settings} = readFields<DrillSettings>(fieldsOf(drill), given)
  const {duration, faults, repeat = 1, findings = ''} = settings
  const {options} = readDrillPair(given, drill)
  return {
    launch: {...placementOf(options), name: values.topology!},
    servers: runningServers(given),
    plan: planOf(drill, settings),
    timing: timingOf(settings),
    extent: {durationMs: duration === undefined ? null : duration * 1000, faults: faults ?? null},
    assertions: assertionsOfForm(values).map(expr => parseAssertion(expr, drillMeasures)),
    repeat,
    findings: findings.trim() === '' ? null : findings,
  }
}

function resolve(given: FormValues, drill: Drill): FormResolution {
  const values = {...usualValues(drill, given), ...given}
  const {values: settings, problems: unread} = readFields<DrillSettings>(fieldsOf(drill), given)
  const problems = {...problemsOfAssertions(values), ...unread, ...readDrillPair(given, drill).problems}
  const summary = drillCommandLine(drill, given)
  try {
    planOf(drill, settings)
    return {values, problems, summary}
  } catch (error) {
    if (!(error instanceof PlanError)) throw error
    const at = Object.keys(given).filter(isDrillOption).at(-1) ?? 'rate'
    return {values, problems: {[at]: error.message, ...problems}, summary}
  }
}

function problemsOfAssertions(values: FormValues): FormValues {
  return assertionsOfForm(values).length > 0
    ? {}
    : {[`${ASSERTION_FIELD}1`]: 'Expected at least one assertion: without any there is no verdict'}
}

function planOf(drill: Drill, settings: DrillSettings): LoadPlan {
  const {'client-policy': policy, duration: soakSeconds} = settings
  const clientPolicy = policy === ALL_POLICIES ? undefined : policy
  return drillPlan(drill, {...loadChanges(settings), clientPolicy}, {soakSeconds})
}
