import type {CliContext} from '../context.js'
import {type ExitCode, exitCodes} from '../exit-codes.js'
import {formatJson} from '../reports/run-json.js'
import {nameOfRun, readDocument, runsOf} from '../saved-document.js'
import {compareRuns} from './compare-runs.js'
import {formatComparison, type NamedDocument} from './comparison-text.js'
import {findRun} from './find-run.js'

/** `repbench compare`. */
export async function runCompareCommand(
  labels: readonly string[],
  {json}: {json?: true},
  {stdout, env}: CliContext,
): Promise<ExitCode> {
  const named: NamedDocument[] = []
  for (const label of labels) {
    const path = await findRun(label, env)
    named.push({label, path, document: await readDocument(path)})
  }
  const comparison = compareRuns(named.map(({document}) => document))
  stdout.write(json ? formatJson(toJson(named, comparison)) : formatComparison(named, comparison))
  return exitCodes.pass
}

function toJson(named: readonly NamedDocument[], {rows, differences}: ReturnType<typeof compareRuns>): object {
  return {
    schema: 'repbench.compare/1',
    runs: named.map(({label, path, document}) => ({
      label,
      path,
      name: nameOfRun(document),
      startedAt: document.startedAt,
      repetitions: runsOf(document).length,
      verdict: document.verdict,
    })),
    differences,
    measures: rows,
  }
}
