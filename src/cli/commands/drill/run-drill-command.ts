import {lookAtServers} from '../../../ask/look/look-at-server.js'
import {type Assertion, parseAssertion} from '../../../engine/assertions/assertion.js'
import type {Drill} from '../../../engine/drills/contract/drill.js'
import {type DrillLoadSettings, drillPlan} from '../../../engine/drills/contract/drill-plan.js'
import {drills} from '../../../engine/drills/each/registry.js'
import {drillMeasures} from '../../../engine/drills/judge/drill-measures.js'
import type {DrillResult} from '../../../engine/drills/judge/drill-result.js'
import {judgeDrill} from '../../../engine/drills/judge/judge-drill.js'
import {runDrill} from '../../../engine/drills/runner/run-drill.js'
import {PlanError} from '../../../engine/errors.js'
import {worstVerdict} from '../../../engine/measure/verdict.js'
import type {PolicyName} from '../../../engine/plan/client-policies.js'
import {describeUnknown} from '../../../engine/plan/did-you-mean.js'
import type {Address} from '../../../protocol/address.js'
import {messageOf} from '../../../protocol/errors.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {type ExitCode, exitCodeOfVerdict, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {
  type DrillDocument,
  drillDocument,
  policyDrillsDocument,
  repeatedDrillDocument,
} from '../../documents/json/drill-json.js'
import {formatDrill, stepLine} from '../../documents/text/drill-text.js'
import {KeyProgress} from '../../documents/text/key-progress.js'
import {formatPolicyDrills} from '../../documents/text/policies-text.js'
import {formatRepeatedDrill} from '../../documents/text/repeated-drill-text.js'
import {attachDrillCluster, type LaunchedCluster, launchDrillCluster} from '../../drill/drill-cluster.js'
import {replayCommand} from '../../drill/replay-command.js'
import {type DrillTimingOptions, timingOf} from '../../drill-settings/drill-timing.js'
import {assertWritable} from '../../files/assert-writable.js'
import {FindingsFile} from '../../files/findings-file.js'
import {writeOutputFile} from '../../files/output-file.js'
import {saveDrill} from '../../history/run-history.js'
import {readLaunchOptions, type TopologyOptions} from '../../options/topology-options.js'
import {lagOnOwnThread} from '../../probe-thread/own-lag-thread.js'
import {drillListJson, drillListText} from './drill-list.js'
import {ALL_POLICIES, roundsOf, type WantedPolicy} from './policies-to-run.js'

export interface DrillOptions
  extends TopologyOptions,
    Omit<DrillLoadSettings, 'soakSeconds' | 'clientPolicy'>,
    DrillTimingOptions {
  readonly list?: true
  readonly topology?: string
  readonly clientPolicy?: WantedPolicy
  /** Running servers. */
  readonly server?: readonly Address[]
  /** Of a soak: for how long, in seconds, or how many faults. */
  readonly duration?: number
  readonly faults?: number
  readonly assert?: readonly Assertion<DrillResult>[]
  readonly repeat?: number
  readonly findings?: string
  readonly json?: true
  readonly out?: string
}

/** `repbench drill`. */
export async function runDrillCommand(
  name: string | undefined,
  options: DrillOptions,
  context: CliContext,
): Promise<ExitCode | number> {
  const {shutdown, stdout, stderr} = context
  if (options.list) {
    stdout.write(options.json ? drillListJson() : drillListText())
    return exitCodes.pass
  }
  const drill = findDrill(name)
  await assertWritable('--out', options.out)
  assertExtent(drill, options)
  const findings = options.findings === undefined ? undefined : new FindingsFile(options.findings)
  const documents: DrillDocument[] = []
  let failure: unknown
  try {
    for (const {says, clientPolicy} of roundsOf(options)) {
      if (shutdown.received !== undefined) break
      if (says !== null) stderr.write(`${says}\n`)
      documents.push(await drillOnce({drill, options, clientPolicy, context, findings}))
    }
  } catch (error) {
    failure = error
  }
  const unwritten = (await findings?.settle({isChecked: documents.length > 0})) ?? null
  await report(documents, options, context)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  if (failure !== undefined) throw failure
  if (unwritten !== null) throw unwritten
  return exitCodeOfVerdict(worstVerdict(documents.map(({verdict}) => verdict)))
}

async function drillOnce(parts: {
  drill: Drill
  options: DrillOptions
  clientPolicy: PolicyName | undefined
  context: CliContext
  findings: FindingsFile | undefined
}): Promise<DrillDocument> {
  const {drill, options, clientPolicy, context, findings} = parts
  const {shutdown, stderr, version} = context
  const plan = planOf(drill, options, clientPolicy)
  const {cluster, close} = await clusterOf(drill, options, context)
  const forget = shutdown.add(close)
  const progress = new KeyProgress(stderr, 'read')
  try {
    const result = await runDrill({
      drill,
      cluster,
      plan,
      timing: timingOf(options),
      extent: {
        durationMs: options.duration === undefined ? null : options.duration * 1000,
        faults: options.faults ?? null,
      },
      signal: shutdown.signal,
      startLagProbe: lagOnOwnThread,
      onStep: step => void stderr.write(`${stepLine(step)}\n`),
      onFinding: finding => findings?.add(finding),
      onCheckProgress: ({checked, keys}) => progress.show(checked, keys),
    })
    progress.clear()
    const budgets = options.assert ?? drill.assertions.map(expr => parseAssertion(expr, drillMeasures))
    const replay = replayCommand(result, {args: context.args, seed: plan.seed})
    const document = drillDocument({result, ...judgeDrill(result, budgets), version, seed: plan.seed, replay})
    await keep(document, context)
    return document
  } finally {
    forget()
    await close()
  }
}

async function clusterOf(drill: Drill, options: DrillOptions, context: CliContext): Promise<LaunchedCluster> {
  const {server, topology: name = 'pair'} = options
  if (server !== undefined) {
    const cluster = attachDrillCluster(drill, server)
    await lookAtServers(server, {signal: context.shutdown.signal})
    return cluster
  }
  context.stderr.write(`starting topology ${name}\n`)
  return await launchDrillCluster(drill, {...readLaunchOptions(options, context), name})
}

function assertExtent(drill: Drill, {duration, faults}: DrillOptions): void {
  if (drill.isSoak === true) return
  const option = duration === undefined ? '--faults' : '--duration'
  if (duration !== undefined || faults !== undefined) {
    throw new UsageError(
      `Expected ${option} with soak, got it with ${drill.name}, which has one fault (--hold says how long it lasts)`,
    )
  }
}

function findDrill(name: string | undefined): Drill {
  const known = drills.map(drill => drill.name)
  if (name === undefined) throw new UsageError(`Expected the name of a drill (${known.join(', ')}), got none`)
  const drill = drills.find(candidate => candidate.name === name)
  if (drill === undefined) throw new UsageError(describeUnknown({what: 'a drill', name, known}))
  return drill
}

function planOf(drill: Drill, options: DrillOptions, clientPolicy: PolicyName | undefined) {
  try {
    return drillPlan(drill, {...options, clientPolicy, soakSeconds: options.duration})
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(error.message, {cause: error})
    throw error
  }
}

/** Kept before it is printed; printed also where it can't be kept. */
async function report(documents: readonly DrillDocument[], options: DrillOptions, context: CliContext): Promise<void> {
  if (documents.length === 0) return
  const {document, text} = reportOf(documents, options)
  const json = formatJson(document)
  const kept =
    options.out === undefined ? Promise.resolve() : writeOutputFile({option: '--out', path: options.out, text: json})
  await kept.catch(() => {})
  await print(context, options.json ? json : text)
  await kept
}

function reportOf(documents: readonly DrillDocument[], options: DrillOptions): {document: object; text: string} {
  if (options.clientPolicy === ALL_POLICIES) {
    const document = policyDrillsDocument(documents)
    return {document, text: formatPolicyDrills(document)}
  }
  if (options.repeat !== undefined) {
    const document = repeatedDrillDocument(documents)
    return {document, text: formatRepeatedDrill(document)}
  }
  const document = documents[0]!
  return {document, text: formatDrill(document)}
}

async function keep(document: DrillDocument, {env, stderr}: CliContext): Promise<void> {
  try {
    stderr.write(`saved as ${await saveDrill({document, env})}\n`)
  } catch (error) {
    stderr.write(`warning: the drill could not be saved: ${messageOf(error)}\n`)
  }
}
