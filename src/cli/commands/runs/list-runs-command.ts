import {printable} from '../../../protocol/printable.js'
import type {CliContext} from '../../app/context.js'
import {type ExitCode, exitCodes} from '../../app/exit-codes.js'
import {formatJson} from '../../app/json-text.js'
import {formatMeasure, formatTable} from '../../documents/phrases/format.js'
import {listedName} from '../../documents/phrases/listed-name.js'
import type {Listed, RunFacts} from '../../history/history-index.js'
import {listRuns, runIndex} from '../../history/run-history.js'

/** A file of the history; one that cannot be read is listed all the same. */
interface ListedRun {
  readonly number: number
  readonly path: string
  readonly listed: Listed<RunFacts>
}

/** `repbench runs`. */
export async function listRunsCommand(
  {last, json}: {last: number; json?: true},
  {stdout, env, shutdown}: CliContext,
): Promise<ExitCode> {
  const paths = await listRuns(env)
  const first = Math.max(0, paths.length - last)
  const index = runIndex(env)
  const runs: ListedRun[] = []
  const newest = paths.slice(first)
  try {
    for await (const listed of index.lookAtAll(newest, shutdown.signal)) {
      runs.push({number: first + runs.length + 1, path: newest[runs.length]!, listed})
    }
  } finally {
    index.keep(paths)
  }
  if (json) {
    stdout.write(formatJson({schema: 'repbench.history/1', runs: runs.map(toJson)}))
  } else stdout.write(runs.length === 0 ? 'no runs yet: repbench load makes one\n' : formatList(runs))
  return exitCodes.pass
}

function toJson({number, path, listed: {facts, flaw}}: ListedRun): object {
  if (facts === null) return {number, path, flaw}
  const {name, startedAt, repetitions, opsPerSecond: rate, p50Us: p50, p99Us: p99, errors, verdict} = facts
  return {number, path, name, startedAt, repetitions, rate, p50, p99, errors, verdict}
}

function formatList(runs: readonly ListedRun[]): string {
  const readable = runs.flatMap(({number, listed: {facts}}) =>
    facts === null ? [] : [{number, facts: {...facts, name: listedName(facts.name)}}],
  )
  const nameWidth = readable.reduce((width, {facts}) => Math.max(width, facts.name.length), 'name'.length)
  const table = formatTable([
    ['run', 'name'.padEnd(nameWidth), 'started (UTC)', 'runs', 'op/s', 'p50 ms', 'p99 ms', 'errors', 'verdict'],
    ...readable.map(({number, facts}) => rowOf(number, facts, nameWidth)),
  ])
  const flaws = runs.flatMap(({number, listed: {flaw}}) => (flaw === null ? [] : [`${number}  ${printable(flaw)}`]))
  return [...table, ...flaws, ''].join('\n')
}

function rowOf(number: number, facts: RunFacts, nameWidth: number): string[] {
  const {name, startedAt, repetitions, opsPerSecond, p50Us, p99Us, errors, verdict} = facts
  return [
    String(number),
    name.padEnd(nameWidth),
    startedAt.slice(0, 19).replace('T', ' '),
    String(repetitions),
    formatMeasure('perSecond', opsPerSecond),
    formatMeasure('us', p50Us),
    formatMeasure('us', p99Us),
    formatMeasure('count', errors),
    verdict,
  ]
}
