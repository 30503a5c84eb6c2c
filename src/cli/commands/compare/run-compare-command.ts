import {availableParallelism} from 'node:os'
import {worstVerdict} from '../../../engine/measure/verdict.js'
import type {CliContext} from '../../app/context.js'
import {UsageError} from '../../app/errors.js'
import {exitCodeOfVerdict} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {print} from '../../app/print.js'
import {exitCodeOfSignal} from '../../app/shutdown.js'
import {compareRuns} from '../../compare/compare-runs.js'
import {formatComparison, type NamedDocument} from '../../compare/comparison-text.js'
import {defaultFamily} from '../../compare/judge-runs.js'
import {checkLimit, type LimitOutcome, type SlowdownLimit, verdictOfLimits} from '../../compare/slowdown-limits.js'
import {makeRepeatedDocument} from '../../documents/json/repeated-json.js'
import type {RunDocument} from '../../documents/json/run-json.js'
import {readDocument} from '../../documents/json/saved-document.js'
import {listRuns, saveRun} from '../../history/run-history.js'
import {describeSaved, saveResult} from '../../history/save-result.js'
import {comparisonJson} from './comparison-json.js'
import {runPairs} from './run-pairs.js'
import {findSides, type SideOptions} from './sides.js'

interface ReportOptions {
  readonly json?: true
  /** Judged instead of the usual ones. */
  readonly measure?: readonly string[]
  readonly maxSlowdown?: readonly SlowdownLimit[]
}

const RUNS_MAX = 26

/** `repbench compare RUN RUN…`: runs that were kept. */
export async function compareSavedRuns(
  labels: readonly string[],
  options: ReportOptions,
  {stdout, env}: CliContext,
): Promise<number> {
  if (labels.length < 2 || labels.length > RUNS_MAX) {
    throw new UsageError(`Expected from 2 to ${RUNS_MAX} runs, got ${labels.length}`)
  }
  const named: NamedDocument[] = []
  for (const label of labels) {
    const path = await findRun(label, env)
    named.push({label, path, document: await readDocument(path)})
  }
  const {text, limits} = reportOf(named, options)
  stdout.write(text)
  return exitCodeOfVerdict(verdictOfLimits(limits))
}

export interface PairsOptions extends ReportOptions, SideOptions {
  readonly pairs: number
}

/** `repbench compare --pairs N`: runs that are made for it. */
export async function compareInPairs(options: PairsOptions, context: CliContext): Promise<number> {
  const {shutdown} = context
  const {pairs, json, measure, maxSlowdown, ...sideOptions} = options
  const sides = await findSides(sideOptions, availableParallelism())
  const {runs, failure} = await runPairs({sides, pairs, context})
  const named: NamedDocument[] = []
  for (const [place, {label}] of sides.entries()) {
    const own = runs[place]!
    if (own.length > 0) named.push(await keep({label, runs: own, pairs}, context))
  }
  // Interrupted before there were two sides to compare.
  if (named.length < 2) {
    if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
    throw failure
  }
  const {text, limits} = reportOf(named, options)
  await print(context, text)
  if (shutdown.received !== undefined) return exitCodeOfSignal(shutdown.received)
  if (failure !== undefined) throw failure
  const failed = runs.flat().map(({verdict}) => verdict)
  return exitCodeOfVerdict(worstVerdict([...failed, verdictOfLimits(limits)]))
}

function reportOf(
  named: readonly NamedDocument[],
  {json, measure, maxSlowdown = []}: ReportOptions,
): {text: string; limits: readonly LimitOutcome[]} {
  const family = new Set([...(measure ?? defaultFamily), ...maxSlowdown.map(limit => limit.measure)])
  const comparison = compareRuns(
    named.map(({document}) => document),
    [...family],
  )
  const limits = comparison.judgements.flatMap(judgement => maxSlowdown.map(limit => checkLimit(limit, judgement)))
  const text = json
    ? formatJson(comparisonJson(named, comparison, limits))
    : formatComparison(named, comparison, limits)
  return {text, limits}
}

interface Kept {
  readonly label: string
  readonly runs: readonly RunDocument[]
  /** How many were asked for. */
  readonly pairs: number
}

/** Saves the runs of one side as `load --repeat` would; warns where that fails. */
async function keep({label, runs, pairs}: Kept, {env, stderr}: CliContext): Promise<NamedDocument> {
  const document = makeRepeatedDocument(runs, pairs)
  const saved = await saveResult(() => saveRun({document, env}))
  stderr.write(describeSaved(saved, 'the runs'))
  return {label, path: saved.path ?? '', document}
}

/**
 * The file of a run: a file's name, a number in the history (1 is the oldest),
 * `last` or `last-1` and so on.
 */
async function findRun(text: string, env: NodeJS.ProcessEnv): Promise<string> {
  const fromEnd = /^last(?:-(\d+))?$/.exec(text)
  const number = /^\d+$/.test(text) ? Number(text) : null
  if (fromEnd === null && number === null) return text
  const runs = await listRuns(env)
  const place = number ?? runs.length - Number(fromEnd?.[1] ?? 0)
  const path = runs[place - 1]
  if (path !== undefined) return path
  const kept = runs.length === 0 ? 'no runs' : runs.length === 1 ? 'one run' : `runs 1 to ${runs.length}`
  throw new UsageError(`Expected a run of the history, which has ${kept}, got '${text}'`)
}
