import type {CliContext} from '../context.js'
import {type ExitCode, exitCodes} from '../exit-codes.js'
import {formatJson} from '../reports/run-json.js'
import {readDocument} from '../saved-document.js'
import {compareRuns} from './compare-runs.js'
import {comparisonJson} from './comparison-json.js'
import {formatComparison, type NamedDocument} from './comparison-text.js'
import {findRun} from './find-run.js'

export interface CompareOptions {
  readonly json?: true
  /** Judged instead of the usual ones. */
  readonly measure?: readonly string[]
}

/** `repbench compare RUN RUN…`. */
export async function runCompareCommand(
  labels: readonly string[],
  {json, measure}: CompareOptions,
  {stdout, env}: CliContext,
): Promise<ExitCode> {
  const named: NamedDocument[] = []
  for (const label of labels) {
    const path = await findRun(label, env)
    named.push({label, path, document: await readDocument(path)})
  }
  const comparison = compareRuns(
    named.map(({document}) => document),
    measure,
  )
  stdout.write(json ? formatJson(comparisonJson(named, comparison)) : formatComparison(named, comparison))
  return exitCodes.pass
}
