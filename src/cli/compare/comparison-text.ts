import type {SavedDocument} from '../documents/json/saved-document.js'
import {nameOfRun, runsOf} from '../documents/json/saved-document.js'
import {formatMeasure, formatPercentChange, formatTable} from '../documents/phrases/format.js'
import type {ComparedRow, Comparison} from './compare-runs.js'
import {describeJudgement} from './judgement-text.js'
import type {LimitOutcome} from './slowdown-limits.js'

/** A document and how the operator called it. */
export interface NamedDocument {
  readonly label: string
  readonly path: string
  readonly document: SavedDocument
}

const units = {us: ' ms', share: ' %', perSecond: ' op/s', count: '', boolean: ''} as const
const arrows = {higher: '↑', lower: '↓'} as const

/** Runs side by side, each later one with its change from the first. */
export function formatComparison(
  named: readonly NamedDocument[],
  {rows, differences, judgements}: Comparison,
  limits: readonly LimitOutcome[] = [],
): string {
  const labels = named.map(({label}, index) => `${String.fromCharCode(65 + (index % 26))}: ${label}`)
  const keys = labels.map(label => label[0]!)
  const heads = named.map(({document, path}, index) => {
    const runs = runsOf(document)
    const times = runs.length === 1 ? 'one run' : `${runs.length} runs`
    return [
      labels[index]!,
      nameOfRun(document),
      document.startedAt.slice(0, 19).replace('T', ' '),
      times,
      document.verdict,
      path,
    ]
  })
  const header = ['', ...keys.flatMap((key, index) => (index === 0 ? [key] : [key, `${keys[0]} → ${key}`, '']))]
  return [
    ...alignLeft(heads),
    '',
    ...differences.map(({setting, values}) => `differs: ${setting}  ${values.map(value => value ?? '–').join(' → ')}`),
    ...(differences.length > 0 ? [''] : []),
    ...formatTable([header, ...rows.map(formatRow)]),
    '',
    ...judgements.flatMap((judgement, index) => [
      ...describeJudgement({title: `${keys[0]} → ${keys[index + 1]}`, judgement}),
      '',
    ]),
    ...limits.map(
      ({measure, percent, verdict, why}) => `${verdict.padEnd(7)}  --max-slowdown ${measure}=${percent}%  ${why}`,
    ),
    ...(limits.length > 0 ? [''] : []),
    '↑ higher is better, ↓ lower is better',
    ...describeSpread(named),
    ...describeFailures(named),
    '',
  ].join('\n')
}

function formatRow({name, unit, better, values}: ComparedRow): string[] {
  const title = `${name}${units[unit]}${better === null ? '' : ` ${arrows[better]}`}`
  return [
    title,
    ...values.flatMap((value, index) => {
      const cell = value === null ? '–' : `${formatMeasure(unit, value.median)}${formatSpread(value)}`
      if (index === 0) return [cell]
      const change = value?.changePercent ?? null
      return [cell, formatPercentChange(change), value?.judgement ?? '']
    }),
  ]
}

/** Half of the range to each side. */
function formatSpread({runs, spreadPercent}: {runs: number; spreadPercent: number | null}): string {
  return runs === 1 || spreadPercent === null ? '' : ` ±${(spreadPercent / 2).toFixed(1)} %`
}

function describeSpread(named: readonly NamedDocument[]): string[] {
  const isRepeated = named.some(({document}) => runsOf(document).length > 1)
  return isRepeated ? ['repeated runs: the median, ± half of the range; the test is of the mean'] : []
}

/** Only for several runs; of one, the heading says it. */
function describeFailures(named: readonly NamedDocument[]): string[] {
  return named.flatMap(({document, label}) => {
    const runs = runsOf(document)
    const failed = runs.filter(({verdict, interrupted}) => verdict !== 'pass' && !interrupted).length
    return runs.length > 1 && failed > 0 ? [`warning: ${failed} of ${runs.length} runs of ${label} did not pass`] : []
  })
}

function alignLeft(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map(row => row[column]!.length)))
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  )
}
