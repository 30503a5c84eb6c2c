import type {Assertion} from '../../engine/assertions/assertion.js'
import type {Drill, DrillExtent} from '../../engine/drills/contract/drill.js'
import type {DrillTiming} from '../../engine/drills/contract/drill-timing.js'
import type {DrillResult, DrillStep} from '../../engine/drills/judge/drill-result.js'
import {judgeDrill} from '../../engine/drills/judge/judge-drill.js'
import type {RunDrillOptions} from '../../engine/drills/runner/drill-run.js'
import {runDrill} from '../../engine/drills/runner/run-drill.js'
import type {LoadPlan} from '../../engine/plan/plan.js'
import {RepbenchError} from '../../protocol/errors.js'
import {
  type DrillDocument,
  type DrillRoundsDocument,
  drillDocument,
  policyDrillsDocument,
  repeatedDrillDocument,
} from '../documents/json/drill-json.js'
import {saveDrill} from '../history/run-history.js'
import {type SaveOutcome, saveResult} from '../history/save-result.js'
import {ResultFiles, type ResultPaths} from '../rounds/result-files.js'
import {type Round, type RoundsHost, runRounds} from '../rounds/run-rounds.js'
import type {LaunchedCluster} from './drill-cluster.js'
import {replayCommand} from './replay-command.js'

/** What a drill, or several of the same, are, independent of their host. */
export interface DrillRoundsSetup {
  readonly drill: Drill
  /** The load of each drill; they differ by their client policies alone, if at all. */
  readonly plans: readonly LoadPlan[]
  /** The drills are compared by client policy, instead of by how far they lie apart. */
  readonly byPolicy: boolean
  readonly timing: DrillTiming
  readonly extent: DrillExtent
  readonly assertions: readonly Assertion<DrillResult>[]
  /** Words of the command line that asks for the same, without the program's name. */
  readonly args: readonly string[]
  readonly files: Pick<ResultPaths, 'out' | 'findings'>
  /** The pair of one drill: launched for it alone, or servers that run already. */
  openCluster(): Promise<LaunchedCluster>
}

/** Told of one drill while it is under way. */
interface DrillListener extends Pick<RunDrillOptions, 'onSnapshot' | 'onCheckProgress'> {
  readonly onStep: (step: DrillStep) => void
  /** Its result is there, and saved or not. */
  readonly onSaved: (saved: SaveOutcome) => void
}

/** Host of a drill: the command line or the terminal UI. */
export interface DrillHost extends RoundsHost, Pick<RunDrillOptions, 'startThread'> {
  /** Called before each drill. @returns the listener of that drill */
  startRound(round: Round): DrillListener
}

export interface DrillOutcome {
  /** One drill, or several; its verdict is unknown where some are missing. */
  readonly document: DrillRoundsDocument
  /** Why there are fewer drills than asked for; absent where there are all, or they were interrupted. */
  readonly failure?: unknown
  /** Why files that were asked for could not be written. */
  readonly unwritten: readonly Error[]
}

/**
 * Runs one drill for each plan: each on a pair of its own, judged and saved in the history when it is over.
 * @throws the error of the first drill; ERR_INTERRUPTED where none was begun
 */
export async function runDrillRounds(setup: DrillRoundsSetup, host: DrillHost): Promise<DrillOutcome> {
  const {plans} = setup
  const files = await ResultFiles.open(setup.files, host.spell)
  const {runs: drills, failure} = await runRounds({items: plans, signal: host.signal}, (plan, round) =>
    runDrillOnce({setup, host, plan, files, listener: host.startRound(round)}),
  )
  if (drills.length === 0) {
    files.abandon()
    throw failure ?? new RepbenchError('ERR_INTERRUPTED', 'interrupted before the drill')
  }
  const document = documentOf(drills, setup)
  const unwritten = await files.write({document})
  return {document, unwritten, ...(failure === undefined ? {} : {failure})}
}

interface DrillRound {
  readonly setup: DrillRoundsSetup
  readonly host: DrillHost
  readonly plan: LoadPlan
  readonly files: ResultFiles
  readonly listener: DrillListener
}

async function runDrillOnce({setup, host, plan, files, listener}: DrillRound): Promise<DrillDocument> {
  const {drill, timing, extent, assertions, args} = setup
  const {signal, startLagProbe, startThread, context} = host
  const {onSnapshot, onCheckProgress} = listener
  const {onFinding} = files
  const {cluster, close} = await setup.openCluster()
  try {
    const result = await runDrill({
      drill,
      cluster,
      plan,
      timing,
      extent,
      signal,
      startLagProbe,
      onStep: listener.onStep,
      ...(startThread === undefined ? {} : {startThread}),
      ...(onSnapshot === undefined ? {} : {onSnapshot}),
      ...(onFinding === undefined ? {} : {onFinding}),
      ...(onCheckProgress === undefined ? {} : {onCheckProgress}),
    })
    const {seed} = plan
    const replay = replayCommand(result, {args, seed})
    const document = drillDocument({result, ...judgeDrill(result, assertions), version: context.version, seed, replay})
    // Saved drill by drill: a later crash must not cost the earlier ones.
    listener.onSaved(await saveResult(() => saveDrill({document, env: context.env})))
    return document
  } finally {
    await close()
  }
}

function documentOf(
  drills: readonly DrillDocument[],
  {plans, byPolicy}: Pick<DrillRoundsSetup, 'plans' | 'byPolicy'>,
): DrillRoundsDocument {
  if (byPolicy) return policyDrillsDocument(drills, plans.length)
  return plans.length === 1 ? drills[0]! : repeatedDrillDocument(drills, plans.length)
}
