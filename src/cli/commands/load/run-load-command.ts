import {availableParallelism} from 'node:os'
import type {Assertion} from '../../../engine/assertions/assertion.js'
import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {RunResult} from '../../../engine/result/run-result.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import type {ExitCode} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfRounds} from '../../app/report-error.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {formatDocument} from '../../documents/text/document-text.js'
import {describeSavedRun} from '../../history/save-result.js'
import {commandHost} from '../../load/command-host.js'
import {type LoadRoundsSetup, runLoadRounds} from '../../load/run-load-rounds.js'
import {assertTargets, openTarget, type TargetOptions} from '../../load/targets.js'
import type {LoadSettings} from '../../load-settings/load-options.js'
import {planFromSettings} from '../../load-settings/plan-from-settings.js'
import {findProfile} from '../../profiles/find-profile.js'

export interface LoadCommandOptions extends TargetOptions {
  /** Name or file. */
  readonly profile: string
  readonly given: LoadSettings
  readonly assertions: readonly Assertion<RunResult>[]
  readonly repeat: number
  readonly json?: true
  readonly out?: string
  readonly hgrm?: string
  /** False: the nodes are not read after a load with verification. */
  readonly check: boolean
  readonly findings?: string
}

/** `repbench load`. */
export async function runLoadCommand(options: LoadCommandOptions, context: CliContext): Promise<ExitCode | number> {
  const {shutdown, stderr} = context
  const {document, saved, failure, unwritten} = await runLoadRounds(
    await readSetup(options, context),
    commandHost(context),
  )
  await print(context, options.json ? formatJson(document) : formatDocument(document))
  stderr.write(await describeSavedRun(saved, context.env))
  const [problem] = unwritten
  if (problem !== undefined) throw problem
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return exitCodeOfRounds(document.verdict, failure, context)
}

async function readSetup(options: LoadCommandOptions, context: CliContext): Promise<LoadRoundsSetup> {
  const {profile, given, assertions, repeat, check, out, hgrm, findings, to, lagProbe = false} = options
  const cpuCount = availableParallelism()
  const base = await findProfile(profile, {cpuCount})
  const plan = planFromSettings({base, given, spell: name => `--${name}`, cpuCount})
  assertTargets(options, plan.failover)
  assertFindings(options, plan)
  return {
    plan,
    assertions,
    repeat,
    check,
    both: to === 'both',
    lagProbe,
    files: {out, hgrm, findings},
    openTarget: () => openTarget(options, plan.failover, context),
  }
}

function assertFindings({check, findings}: LoadCommandOptions, plan: LoadPlan): void {
  if (findings === undefined || (plan.verify && check)) return
  throw new UsageError(
    `Expected --findings with --verify${plan.verify ? ' and without --no-check' : ''}, got it without`,
  )
}
