import {printable} from '../protocol/printable.js'
import type {CliContext} from './context.js'
import {UsageError} from './errors.js'
import {type ExitCode, exitCodes} from './exit-codes.js'
import {comparedMeasures, failedOperations} from './reports/compared-measures.js'
import {formatMeasure, formatTable} from './reports/format.js'
import {formatJson} from './reports/json-text.js'
import {summarize} from './reports/spread.js'
import {listRuns} from './run-history.js'
import {nameOfRun, readDocument, runsOf, type SavedDocument} from './saved-document.js'

/** A file of the history; one that cannot be read is listed all the same. */
interface ListedRun {
  readonly number: number
  readonly path: string
  readonly document: SavedDocument | null
  readonly flaw: string | null
}

const columns = ['rate', 'p50', 'p99', 'errors'] as const

/** `repbench runs`. */
export async function listRunsCommand(
  {last, json}: {last: number; json?: true},
  {stdout, env}: CliContext,
): Promise<ExitCode> {
  const paths = await listRuns(env)
  const first = Math.max(0, paths.length - last)
  const runs = await Promise.all(paths.slice(first).map((path, index) => readListed(path, first + index + 1)))
  if (json) stdout.write(formatJson({schema: 'repbench.history/1', runs: runs.map(toJson)}))
  else stdout.write(runs.length === 0 ? 'no runs yet: repbench load makes one\n' : formatList(runs))
  return exitCodes.pass
}

async function readListed(path: string, number: number): Promise<ListedRun> {
  try {
    return {number, path, document: await readDocument(path), flaw: null}
  } catch (error) {
    if (error instanceof UsageError) return {number, path, document: null, flaw: error.message}
    throw error
  }
}

function toJson({number, path, document, flaw}: ListedRun): object {
  if (document === null) return {number, path, flaw}
  const {startedAt, verdict} = document
  const figures = Object.fromEntries(columns.map(name => [name, medianOf(document, name)]))
  return {number, path, name: nameOfRun(document), startedAt, repetitions: runsOf(document).length, ...figures, verdict}
}

function formatList(runs: readonly ListedRun[]): string {
  const readable = runs.flatMap(({number, document}) => (document === null ? [] : [{number, document}]))
  const nameWidth = Math.max(...readable.map(({document}) => nameOfRun(document).length), 'name'.length)
  const rows = readable.map(({number, document}) => rowOf(number, document, nameWidth))
  const table = formatTable([
    ['run', 'name'.padEnd(nameWidth), 'started (UTC)', 'runs', 'op/s', 'p50 ms', 'p99 ms', 'errors', 'verdict'],
    ...rows,
  ])
  const flaws = runs.flatMap(({number, flaw}) => (flaw === null ? [] : [`${number}  ${printable(flaw)}`]))
  return [...table, ...flaws, ''].join('\n')
}

function rowOf(number: number, document: SavedDocument, nameWidth: number): string[] {
  return [
    String(number),
    nameOfRun(document).padEnd(nameWidth),
    document.startedAt.slice(0, 19).replace('T', ' '),
    String(runsOf(document).length),
    ...columns.map(name => formatMeasure(measureNamed(name).unit, medianOf(document, name))),
    document.verdict,
  ]
}

function medianOf(document: SavedDocument, name: (typeof columns)[number]): number | null {
  const read = name === 'errors' ? failedOperations : measureNamed(name).read
  return summarize(runsOf(document).map(read))?.median ?? null
}

function measureNamed(name: (typeof columns)[number]) {
  return comparedMeasures.find(measure => measure.name === name)!
}
