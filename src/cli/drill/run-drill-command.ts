import {type FileHandle, open, writeFile} from 'node:fs/promises'
import {type Assertion, parseAssertion} from '../../engine/assertions/assertion.js'
import type {Drill} from '../../engine/drills/drill.js'
import {drillMeasures, judgeDrill} from '../../engine/drills/drill-assertions.js'
import {type DrillLoadSettings, drillPlan} from '../../engine/drills/drill-plan.js'
import type {DrillResult} from '../../engine/drills/drill-result.js'
import {drills} from '../../engine/drills/registry.js'
import {runDrill} from '../../engine/drills/run-drill.js'
import {PlanError} from '../../engine/errors.js'
import {describeUnknown} from '../../engine/nearest.js'
import {worstVerdict} from '../../engine/verdict.js'
import {RepbenchError} from '../../protocol/errors.js'
import {assertWritable} from '../assert-writable.js'
import type {CliContext} from '../context.js'
import {UsageError} from '../errors.js'
import {type ExitCode, exitCodeOfVerdict, exitCodes} from '../exit-codes.js'
import {type DrillDocument, drillDocument, repeatedDrillDocument} from '../reports/drill-json.js'
import {formatDrill, formatRepeatedDrill, stepLine} from '../reports/drill-text.js'
import {saveDrill} from '../run-history.js'
import {exitCodeOfSignal} from '../shutdown.js'
import {readLaunchOptions, type TopologyOptions} from '../topology-options.js'
import {launchDrillCluster} from './drill-cluster.js'
import {type DrillTimingOptions, timingOf} from './drill-timing.js'

export interface DrillOptions extends TopologyOptions, DrillLoadSettings, DrillTimingOptions {
  readonly list?: true
  readonly topology: string
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
    const width = Math.max(...drills.map(drill => drill.name.length))
    stdout.write(drills.map(drill => `${drill.name.padEnd(width)}  ${drill.summary}\n`).join(''))
    return exitCodes.pass
  }
  const drill = findDrill(name)
  await assertWritable('--out', options.out)
  const findings = options.findings === undefined ? undefined : await openFindings(options.findings)
  const documents: DrillDocument[] = []
  try {
    for (let round = 1; round <= (options.repeat ?? 1) && shutdown.received === undefined; round++) {
      if (options.repeat !== undefined) stderr.write(`drill ${round} of ${options.repeat}\n`)
      documents.push(await drillOnce({drill, options, context, findings}))
    }
  } catch (error) {
    // Interrupted before there was anything to report.
    if (shutdown.received === undefined) throw error
  } finally {
    await findings?.close()
  }
  await report(documents, options, context)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  return exitCodeOfVerdict(worstVerdict(documents.map(({verdict}) => verdict)))
}

async function drillOnce(parts: {
  drill: Drill
  options: DrillOptions
  context: CliContext
  findings: FileHandle | undefined
}): Promise<DrillDocument> {
  const {drill, options, context, findings} = parts
  const {shutdown, stderr, version} = context
  const plan = planOf(drill, options)
  stderr.write(`starting topology ${options.topology}\n`)
  const {cluster, close} = await launchDrillCluster(drill, {
    ...readLaunchOptions(options, context),
    name: options.topology,
  })
  shutdown.add(close)
  const lines: string[] = []
  try {
    const result = await runDrill({
      drill,
      cluster,
      plan,
      timing: timingOf(options),
      signal: shutdown.signal,
      onStep: step => void stderr.write(`${stepLine(step)}\n`),
      onFinding: finding => lines.push(`${JSON.stringify(finding)}\n`),
    })
    await findings?.appendFile(lines.join(''))
    const budgets = options.assert ?? drill.budgets.map(expr => parseAssertion(expr, drillMeasures))
    const document = drillDocument({result, ...judgeDrill(result, budgets), version, seed: plan.seed})
    await keep(document, context)
    return document
  } finally {
    await close()
  }
}

function findDrill(name: string | undefined): Drill {
  const known = drills.map(drill => drill.name)
  if (name === undefined) throw new UsageError(`Expected the name of a drill (${known.join(', ')}), got none`)
  const drill = drills.find(candidate => candidate.name === name)
  if (drill === undefined) throw new UsageError(describeUnknown({what: 'a drill', name, known}))
  return drill
}

function planOf(drill: Drill, options: DrillOptions) {
  try {
    return drillPlan(drill, options)
  } catch (error) {
    if (error instanceof PlanError) throw new UsageError(error.message, {cause: error})
    throw error
  }
}

async function report(documents: readonly DrillDocument[], options: DrillOptions, {stdout}: CliContext): Promise<void> {
  const [first] = documents
  if (first === undefined) return
  const document = options.repeat === undefined ? first : repeatedDrillDocument(documents)
  const json = `${JSON.stringify(document, null, 2)}\n`
  if (options.json) stdout.write(json)
  else stdout.write(options.repeat === undefined ? formatDrill(first) : formatRepeatedDrill(documents))
  if (options.out === undefined) return
  try {
    await writeFile(options.out, json)
  } catch (error) {
    throw new RepbenchError('ERR_OUT_FILE', `Expected a writable --out file, got ${describe(error)}`, {cause: error})
  }
}

async function keep(document: DrillDocument, {env, stderr}: CliContext): Promise<void> {
  try {
    stderr.write(`saved as ${await saveDrill({document, env})}\n`)
  } catch (error) {
    stderr.write(`warning: the drill could not be saved: ${describe(error)}\n`)
  }
}

async function openFindings(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'w')
  } catch (error) {
    throw new UsageError(`Expected a writable --findings file, got ${describe(error)}`, {cause: error})
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
