import type {AssertionOutcome} from '../engine/assertions/check-assertion.js'
import {judgeDrill} from '../engine/drills/drill-assertions.js'
import {drills} from '../engine/drills/registry.js'
import {type RunDrillOptions, runDrill} from '../engine/drills/run-drill.js'
import type {FormValues} from '../ui/components/form/form-spec.js'
import type {UiDrillResult} from '../ui/drill-port.js'
import {binPath} from './bin-path.js'
import type {CliContext} from './context.js'
import {attachDrillCluster, launchDrillCluster} from './drill/drill-cluster.js'
import {drillCommandLine} from './drill/drill-command-line.js'
import {setupFromForm} from './drill/drill-form.js'
import {formatDrillDocument} from './drill/past-drills.js'
import {replayCommand} from './drill/replay-command.js'
import {lagOnThread} from './probe-thread/lag-on-thread.js'
import type {ProbeThread} from './probe-thread/probe-thread.js'
import {type DrillDocument, drillDocument} from './reports/drill-json.js'
import {describeOutcome} from './reports/drill-text.js'
import {saveDrill} from './run-history.js'
import {splitShellWords} from './shell-words.js'
import {type SaveOutcome, tryToSave} from './try-to-save.js'

export interface UiDrillOptions extends Required<Pick<RunDrillOptions, 'onStep' | 'onSnapshot' | 'signal'>> {
  readonly drill: string
  readonly given: FormValues
  readonly context: Pick<CliContext, 'env' | 'version'>
  /** Where the lag is measured. */
  readonly probes: Pick<ProbeThread, 'openLag'>
}

/** A drill from the UI: the same pair, load, judgement, report and history as `repbench drill`. */
export async function drillFromUi(options: UiDrillOptions): Promise<UiDrillResult> {
  const {signal, onStep, onSnapshot, given, probes, context} = options
  const {env, version} = context
  const drill = drills.find(({name}) => name === options.drill)!
  const {launch, servers, plan, timing, extent, budgets} = setupFromForm(given, drill)
  const {cluster, close} =
    servers === null
      ? await launchDrillCluster(drill, {...launch, binPath, env, signal})
      : attachDrillCluster(drill, servers)
  try {
    const result = await runDrill({
      drill,
      cluster,
      plan,
      timing,
      extent,
      signal,
      onStep,
      onSnapshot,
      startLagProbe: lagOnThread(probes),
    })
    const args = splitShellWords(drillCommandLine(drill, given)).slice(1)
    const replay = replayCommand(result, {args, seed: plan.seed})
    const document = drillDocument({result, ...judgeDrill(result, budgets), version, seed: plan.seed, replay})
    return resultOf(document, await tryToSave(saveDrill({document, env})))
  } finally {
    await close()
  }
}

function resultOf(document: DrillDocument, saved: SaveOutcome): UiDrillResult {
  const {verdict, assertions, problem, advice, times} = document
  return {
    verdict,
    budgets: assertions.map(budgetOf),
    problem,
    advice,
    faultSeconds: times?.fault ?? null,
    report: formatDrillDocument(document),
    ...saved,
  }
}

function budgetOf(outcome: AssertionOutcome): UiDrillResult['budgets'][number] {
  return {expr: outcome.expr, got: describeOutcome(outcome), verdict: outcome.verdict}
}
