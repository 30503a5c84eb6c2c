import {parseAssertion} from '../engine/assertions/assertion.js'
import type {AssertionOutcome} from '../engine/assertions/check-assertion.js'
import type {Drill} from '../engine/drills/drill.js'
import {drillMeasures, judgeDrill} from '../engine/drills/drill-assertions.js'
import {drillPlan} from '../engine/drills/drill-plan.js'
import {drills} from '../engine/drills/registry.js'
import {type RunDrillOptions, runDrill} from '../engine/drills/run-drill.js'
import type {UiDrillResult} from '../ui/drill-port.js'
import {binPath} from './bin-path.js'
import type {CliContext} from './context.js'
import {launchDrillCluster} from './drill/drill-cluster.js'
import {fromHome} from './from-home.js'
import {type DrillDocument, drillDocument} from './reports/drill-json.js'
import {describeOutcome, formatDrill, stepLine} from './reports/drill-text.js'
import {saveDrill} from './run-history.js'

interface UiDrillOptions extends Required<Pick<RunDrillOptions, 'onStep' | 'onSnapshot' | 'signal'>> {
  readonly drill: string
  readonly context: Pick<CliContext, 'env' | 'version'>
}

/** A drill from the UI: the same pair, load, judgement, report and history as `repbench drill`. */
export async function drillFromUi(options: UiDrillOptions): Promise<UiDrillResult> {
  const {signal, onStep, onSnapshot, context} = options
  const {env, version} = context
  const drill = drills.find(({name}) => name === options.drill)!
  const plan = drillPlan(drill)
  const {cluster, close} = await launchDrillCluster(drill, {name: 'pair', binPath, env, signal})
  try {
    const result = await runDrill({drill, cluster, plan, signal, onStep, onSnapshot})
    const document = drillDocument({result, ...judgeDrill(result, budgetsOf(drill)), version, seed: plan.seed})
    const path = await saveDrill({document, env}).catch(() => null)
    return resultOf(document, path)
  } finally {
    await close()
  }
}

function budgetsOf({budgets}: Drill) {
  return budgets.map(expr => parseAssertion(expr, drillMeasures))
}

function resultOf(document: DrillDocument, path: string | null): UiDrillResult {
  const {verdict, assertions, problem, times, steps} = document
  return {
    verdict,
    budgets: assertions.map(budgetOf),
    problem,
    faultSeconds: times?.fault ?? null,
    report: [formatDrill(document), 'steps', ...steps.map(stepLine)].join('\n'),
    savedAs: path === null ? null : fromHome(path),
  }
}

function budgetOf(outcome: AssertionOutcome): UiDrillResult['budgets'][number] {
  return {expr: outcome.expr, got: describeOutcome(outcome), verdict: outcome.verdict}
}
