import type {LoadPlan} from '../../../engine/plan/plan.js'
import type {JudgedMeasure} from '../../compare/judge-runs.js'
import {formatDetectable} from '../../compare/judgement-text.js'
import {formatCount, formatMs, formatTable} from '../../documents/phrases/format.js'
import {describePlan} from '../../documents/phrases/plan-text.js'
import {type BaselineMeasure, type BaselineRow, baselineMeasures} from './baseline-summary.js'
import {NATIVE} from './baseline-targets.js'

export interface BaselineReport {
  readonly plan: LoadPlan
  readonly rows: readonly BaselineRow[]
  /** Runs of each target that were asked for. */
  readonly repetitions: number
  readonly interrupted: boolean
}

/** The comparison for people: operators' columns first, then what replication cost and did. */
export function formatBaseline({plan, rows, repetitions, interrupted}: BaselineReport): string {
  const repeated = repetitions > 1 ? ` · medians of ${repetitions} runs each, taken in turns` : ''
  return [
    `${plan.name}   ${describePlan(plan)}${repeated}`,
    '',
    ...formatTable([headings(repetitions), ...rows.map(row => cells(row, repetitions))]),
    '',
    ...judgementLines(rows),
    ...pairLines(rows),
    ...warnings(rows, {repetitions, interrupted}),
  ]
    .join('\n')
    .trimEnd()
    .concat('\n')
}

function headings(repetitions: number): string[] {
  return [
    ...['target', 'requests/s', 'avg ms', 'p50', 'p95', 'p99', 'p99.9', 'max'],
    ...['req/s cost', 'avg', 'p99'],
    ...(repetitions > 1 ? ['spread'] : []),
  ]
}

function cells({target, runs, measures, cost}: BaselineRow, repetitions: number): string[] {
  const cell = (name: BaselineMeasure) => {
    const median = measures[name]?.median ?? null
    return name === 'rate' ? formatCount(median) : formatMs(median)
  }
  const change = (percent: number | null | undefined) =>
    percent === null || percent === undefined ? '–' : `${percent > 0 ? '+' : ''}${percent.toFixed(1)} %`
  const spread = measures.rate?.spreadPercent
  return [
    runs === 0 ? `${target.name} (interrupted)` : target.name,
    ...baselineMeasures.map(cell),
    ...[cost?.ratePercent, cost?.meanPercent, cost?.p99Percent].map(change),
    ...(repetitions > 1 ? [spread === null || spread === undefined ? '–' : `${spread.toFixed(1)} %`] : []),
  ]
}

const titles: Readonly<Record<string, string>> = {rate: 'req/s', mean: 'avg'}

/** Whether the cost is more than noise. */
function judgementLines(rows: readonly BaselineRow[]): string[] {
  const judged = rows.flatMap(({target, cost}) => (cost === null ? [] : [{target, judgement: cost.judgement}]))
  const [first] = judged
  if (first === undefined) return []
  if (judged.every(({judgement}) => judgement.reason !== null)) {
    return [`cost           no judgement: ${first.judgement.reason} (--repeat)`, '']
  }
  const width = Math.max(...judged.map(({target}) => target.name.length))
  return [
    ...judged.map(({target, judgement}) => {
      const {reason, measures} = judgement
      const words = reason === null ? measures.map(describeJudged).join(', ') : `no judgement: ${reason}`
      return `cost           ${target.name.padEnd(width)}  ${words}`
    }),
    '',
  ]
}

function describeJudged({name, judgement, reason, detectablePercent}: JudgedMeasure): string {
  const title = titles[name] ?? name
  if (judgement === null) return `${title} no judgement (${reason})`
  const seen = detectablePercent === null ? '' : ` (could not see less than ${formatDetectable(detectablePercent)})`
  return `${title} ${judgement}${seen}`
}

function pairLines(rows: readonly BaselineRow[]): string[] {
  const pairs = rows.flatMap(({target, pair}) => (pair === null ? [] : [{target, pair}]))
  if (pairs.length === 0) return []
  const table = pairs.map(({target, pair}) => [
    target.name,
    pair.of === 0 ? '–' : pair.survived === pair.of ? 'survived' : `LOST in ${pair.of - pair.survived} of ${pair.of}`,
    formatMs(pair.lagP50Us),
    formatMs(pair.lagP99Us),
    formatCount(pair.unseen),
    pair.arrived === null ? '–' : `${(Math.floor(pair.arrived * 10_000) / 100).toFixed(2)} %`,
    pair.itemsDifference === null ? '–' : signed(pair.itemsDifference),
  ])
  return [
    ...formatTable([
      ['pair', 'link', 'lag p50 ms', 'lag p99 ms', 'lag probes lost', 'stores that arrived', 'items more than there'],
      ...table,
    ]),
    '',
  ]
}

function warnings(
  rows: readonly BaselineRow[],
  {repetitions, interrupted}: Pick<BaselineReport, 'repetitions' | 'interrupted'>,
): string[] {
  const texts = rows.flatMap(({target, pair, failed}) => [
    ...(pair?.alarm ? [`${target.name}: ${pair.alarm}`] : []),
    ...describeFailed(failed).map(text => `${target.name}: ${text}`),
  ])
  const native = rows.find(({target}) => target.backend === NATIVE)
  if (native === undefined && rows.length > 0)
    texts.push('no native memcached was measured: there is nothing to compare with')
  const missing = rows.filter(({runs}) => runs < repetitions)
  if (interrupted) texts.push('interrupted: partial results')
  for (const {target, runs} of missing) texts.push(`${target.name}: ${runs} of ${repetitions} runs`)
  return texts.map(text => `warning        ${text}`)
}

function describeFailed({errors, timedOut, lost, unanswered}: BaselineRow['failed']): string[] {
  const kinds = [
    [errors, 'errors'],
    [timedOut, 'timed out'],
    [lost, 'lost with their connection'],
    [unanswered, 'unanswered'],
  ] as const
  const parts = kinds.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
  return parts.length === 0 ? [] : [`operations: ${parts.join(', ')}`]
}

function signed(value: number): string {
  return value === 0 ? '0' : `${value > 0 ? '+' : '−'}${formatCount(Math.abs(value))}`
}
