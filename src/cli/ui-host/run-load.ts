import type {RunControl} from '../../engine/run/run-control.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {UiRunRequest, UiRunResult} from '../../ui/ports/run-port.js'
import type {CliContext} from '../app/context.js'
import {compareWithBefore} from '../compare/compare-with-before.js'
import type {LoadTarget} from '../load/load-target.js'
import {type LoadHost, type LoadRoundsSetup, runLoadRounds} from '../load/run-load-rounds.js'
import {readAssertions, readReportFields} from '../load-settings/report-options.js'
import {lagOnThread} from '../probe-thread/lag-on-thread.js'
import type {ProbeThread} from '../probe-thread/probe-thread.js'
import {editedPlan} from './profiles.js'
import {outcomeOf} from './run-outcome.js'
import {shownSave} from './shown-outcome.js'

/** What a run from the UI needs of the rest of repbench. */
export interface RunServices {
  readonly signal: AbortSignal
  readonly control: RunControl
  /** Where the lag is measured. */
  readonly probes: Pick<ProbeThread, 'openLag'>
  readonly context: Pick<CliContext, 'env' | 'version'>
  /** The nodes on the screen as a target. */
  openTarget(home: ClusterNode): LoadTarget
}

/** A load from the UI, or several: the same rounds, report and history as `repbench load`. */
export async function runFromUi(request: UiRunRequest, services: RunServices): Promise<UiRunResult> {
  const {context} = services
  const {document, saved, failure, unwritten} = await runLoadRounds(
    await readSetup(request, services),
    uiHost(request, services),
  )
  const outcome = outcomeOf(document, failure)
  return {
    ...outcome,
    reasons: [...(outcome.reasons ?? []), ...unwritten.map(({message}) => message)],
    ...shownSave(saved),
    comparison: await compareWithBefore(document, context.env, saved.path),
  }
}

async function readSetup(request: UiRunRequest, {openTarget}: RunServices): Promise<LoadRoundsSetup> {
  const {given, node, lagProbe, both = false} = request
  const {plan} = await editedPlan(request)
  const {repeat, check, findings, hgrm} = readReportFields(given)
  return {
    plan,
    assertions: readAssertions(given),
    repeat,
    check,
    both,
    lagProbe,
    files: {findings, hgrm},
    openTarget: async () => openTarget(node),
  }
}

function uiHost({onRound, onSnapshot}: UiRunRequest, {signal, control, probes, context}: RunServices): LoadHost {
  return {
    context,
    signal,
    control,
    startLagProbe: lagOnThread(probes),
    spell: option => option,
    startRound(round) {
      if (round.of > 1) onRound?.(round)
      return {onSnapshot}
    },
  }
}
