import {drills} from '../../engine/drills/each/registry.js'
import type {DrillRequest, UiDrillResult} from '../../ui/ports/drill-port.js'
import type {FormValues} from '../../ui/ports/form-spec.js'
import {binPath} from '../app/bin-path.js'
import type {CliContext} from '../app/context.js'
import {attachDrillCluster, launchDrillCluster} from '../drill/drill-cluster.js'
import {type DrillHost, type DrillRoundsSetup, runDrillRounds} from '../drill/run-drill-rounds.js'
import {drillCommandLine} from '../drill-settings/drill-fields.js'
import {setupFromForm} from '../drill-settings/drill-form.js'
import type {SaveOutcome} from '../history/save-result.js'
import {splitShellWords} from '../options/shell-words.js'
import {lagOnThread} from '../probe-thread/lag-on-thread.js'
import type {ProbeThread} from '../probe-thread/probe-thread.js'
import {outcomeOfDrills} from './drill-outcome.js'
import {shownSave} from './shown-outcome.js'

/** What a drill from the UI needs of the rest of repbench. */
export interface DrillServices {
  readonly signal: AbortSignal
  /** Where the lag is measured. */
  readonly probes: Pick<ProbeThread, 'openLag'>
  readonly context: Pick<CliContext, 'env' | 'version'>
}

/** A drill from the UI, or several: the same rounds, report and history as `repbench drill`. */
export async function drillFromUi(request: DrillRequest, services: DrillServices): Promise<UiDrillResult> {
  const saved: SaveOutcome[] = []
  const {document, failure, unwritten} = await runDrillRounds(
    readSetup(request.drill, request.given, services),
    uiHost(request, services, saved),
  )
  return {...outcomeOfDrills(document, failure ?? unwritten[0]), ...shownSave(saved.at(-1)!)}
}

function readSetup(name: string, given: FormValues, {signal, context}: DrillServices): DrillRoundsSetup {
  const drill = drills.find(known => known.name === name)!
  const {launch, servers, plan, timing, extent, assertions, repeat, findings} = setupFromForm(given, drill)
  const {env} = context
  return {
    drill,
    plans: Array.from({length: repeat}, () => plan),
    byPolicy: false,
    timing,
    extent,
    assertions,
    args: splitShellWords(drillCommandLine(drill, given)).slice(1),
    files: findings === null ? {} : {findings},
    openCluster: async () =>
      servers === null
        ? await launchDrillCluster(drill, {...launch, binPath, env, signal})
        : attachDrillCluster(drill, servers),
  }
}

function uiHost(
  {onStep, onSnapshot, onRound}: DrillRequest,
  {signal, probes, context}: DrillServices,
  saved: SaveOutcome[],
): DrillHost {
  return {
    context,
    signal,
    startLagProbe: lagOnThread(probes),
    spell: option => option,
    startRound(round) {
      if (round.of > 1) onRound(round)
      return {onStep, onSnapshot, onSaved: outcome => saved.push(outcome)}
    },
  }
}
