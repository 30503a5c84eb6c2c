import {comparedMeasures} from '../json/compared-measures.js'
import type {RepeatedDocument} from '../json/repeated-json.js'
import {formatCount, formatMeasure, formatTable} from '../phrases/format.js'
import {describeHead} from '../phrases/plan-text.js'
import {describeReasons} from '../phrases/run-reasons.js'
import {describeAssertions} from './run-text.js'

const columns = ['rate', 'p50', 'p99', 'p99.9', 'max', 'errors'] as const

/** The summary of `--repeat N` for people: a line for each run, then what they have in common. */
export function formatRepeated(document: RepeatedDocument): string {
  const {runs, repetitions, summary, verdict} = document
  const measures = columns.map(name => comparedMeasures.find(measure => measure.name === name)!)
  const rows = runs.map((run, index) => [
    `run ${index + 1}${run.interrupted ? ' (interrupted)' : ''}`,
    ...measures.map(({unit, read}) => formatMeasure(unit, read(run))),
    run.verdict,
  ])
  const overall = (title: string, field: 'median' | 'min' | 'max') => [
    title,
    ...measures.map(({name, unit}) => formatMeasure(unit, summary[name]?.[field] ?? null)),
    '',
  ]
  const spread = ['spread %', ...measures.map(({name}) => summary[name]?.spreadPercent?.toFixed(1) ?? '–'), '']
  const missing = repetitions - runs.length
  return [
    describeHead(runs[0]!),
    '',
    ...formatTable([
      ['', 'op/s', 'p50 ms', 'p99 ms', 'p99.9 ms', 'max ms', 'errors', 'verdict'],
      ...rows,
      overall('median', 'median'),
      overall('lowest', 'min'),
      overall('highest', 'max'),
      spread,
    ]),
    '',
    ...runs.flatMap((run, index) => describeAssertions(run.assertions).map(line => `run ${index + 1}  ${line}`)),
    ...(missing > 0 ? [`warning        ${formatCount(missing)} of ${repetitions} runs were not made`] : []),
    ...runs.flatMap((run, index) =>
      describeReasons(
        run.verdict,
        run.reasons.map(reason => `run ${index + 1}: ${reason}`),
      ),
    ),
    `verdict        ${verdict}`,
    '',
  ].join('\n')
}
