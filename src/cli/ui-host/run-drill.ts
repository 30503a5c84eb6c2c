import type {Drill} from '../../engine/drills/contract/drill.js'
import {drills} from '../../engine/drills/each/registry.js'
import {judgeDrill} from '../../engine/drills/judge/judge-drill.js'
import type {RunDrillOptions} from '../../engine/drills/runner/drill-run.js'
import {runDrill} from '../../engine/drills/runner/run-drill.js'
import type {UiDrillResult} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import type {Round} from '../../ui/ports/ui-ports.js'
import {binPath} from '../app/bin-path.js'
import type {CliContext} from '../app/context.js'
import {type DrillDocument, drillDocument} from '../documents/json/drill-json.js'
import {attachDrillCluster, launchDrillCluster} from '../drill/drill-cluster.js'
import {replayCommand} from '../drill/replay-command.js'
import {drillCommandLine} from '../drill-settings/drill-command-line.js'
import {type DrillSetup, setupFromForm} from '../drill-settings/drill-form.js'
import {FindingsFile} from '../files/findings-file.js'
import {type SaveOutcome, tryToSave} from '../files/try-to-save.js'
import {saveDrill} from '../history/run-history.js'
import {runRepeatedly} from '../load/run-rounds.js'
import {splitShellWords} from '../options/shell-words.js'
import {lagOnThread} from '../probe-thread/lag-on-thread.js'
import type {ProbeThread} from '../probe-thread/probe-thread.js'
import {drillOutcome} from './drill-outcome.js'

export interface UiDrillOptions extends Required<Pick<RunDrillOptions, 'onStep' | 'onSnapshot' | 'signal'>> {
  /** Of several drills one begins. */
  readonly onRound: (round: Round) => void
  readonly drill: string
  readonly given: FormValues
  readonly context: Pick<CliContext, 'env' | 'version'>
  /** Where the lag is measured. */
  readonly probes: Pick<ProbeThread, 'openLag'>
}

/** A drill from the UI, or several: the same pair, load, judgement, report and history as `repbench drill`. */
export async function drillFromUi(options: UiDrillOptions): Promise<UiDrillResult> {
  const {signal, onRound, given, context} = options
  const drill = drills.find(({name}) => name === options.drill)!
  const setup = setupFromForm(given, drill)
  const {repeat} = setup
  const findings = setup.findings === null ? null : new FindingsFile(setup.findings)
  const saved: SaveOutcome[] = []
  const {runs, failure} = await runRepeatedly({repeat, signal}, async round => {
    if (repeat > 1) onRound({round, of: repeat})
    const document = await drillOnce({...options, setup, findings}, drill)
    saved.push(await tryToSave(saveDrill({document, env: context.env})))
    return document
  })
  const unwritten = (await findings?.settle({isChecked: runs.length > 0})) ?? null
  if (runs.length === 0) throw failure
  return {...drillOutcome(runs, {repeat, failure: failure ?? unwritten ?? undefined}), ...saved.at(-1)!}
}

interface DrillParts extends UiDrillOptions {
  readonly setup: DrillSetup
  readonly findings: FindingsFile | null
}

/** Each time with nodes of its own, unless there are servers. */
async function drillOnce(parts: DrillParts, drill: Drill): Promise<DrillDocument> {
  const {signal, onStep, onSnapshot, given, probes, context, setup, findings} = parts
  const {launch, servers, plan, timing, extent, budgets} = setup
  const {env, version} = context
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
      ...(findings === null ? {} : {onFinding: finding => findings.add(finding)}),
    })
    const args = splitShellWords(drillCommandLine(drill, given)).slice(1)
    const replay = replayCommand(result, {args, seed: plan.seed})
    return drillDocument({result, ...judgeDrill(result, budgets), version, seed: plan.seed, replay})
  } finally {
    await close()
  }
}
