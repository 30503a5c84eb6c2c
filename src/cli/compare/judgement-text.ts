import {formatPercentChange} from '../documents/phrases/format.js'
import type {JudgedMeasure, RunsJudgement} from './judge-runs.js'

const INDENT = '  '

/** What was judged and how, for people; or why nothing was. */
export function describeJudgement({title, judgement}: {title: string; judgement: RunsJudgement}): string[] {
  const {reason, test, measures} = judgement
  if (reason !== null) return [`${title}  no judgement: ${reason}${describeLeftOut(judgement)}`, ...adviseOf(judgement)]
  const width = Math.max(...measures.map(({name}) => name.length))
  return [
    `${title}  ${describeRuns(judgement)}`,
    ...measures.map(measure => `${INDENT}${measure.name.padEnd(width)}  ${describeMeasure(measure)}`),
    ...(test === null ? [] : [`${INDENT}test: ${test}`]),
  ]
}

function describeRuns(judgement: RunsJudgement): string {
  const {design, pairs, runs} = judgement
  const [a, b] = runs
  const groups = a === b ? `${a} runs each` : `${a} and ${b} runs`
  return `${design === 'pairs' ? `${pairs} pairs, made in turns` : groups}${describeLeftOut(judgement)}`
}

function describeLeftOut({saturated: [first, second]}: RunsJudgement): string {
  if (first + second === 0) return ''
  return `; left out, their generator was saturated: ${first} runs of the first, ${second} of the second`
}

function describeMeasure({judgement, reason, changePercent, pValue, detectablePercent}: JudgedMeasure): string {
  if (judgement === null) return `no judgement: ${reason}`
  const seen = detectablePercent === null ? '' : `  could not see less than ${formatDetectable(detectablePercent)}`
  const figures = `${formatPercentChange(changePercent).padStart(8)}  p ${(pValue ?? 1).toFixed(4)}`
  return `${judgement.padEnd(6)}  ${figures}${seen}`
}

/** Rounded up: no promise that was not kept. */
export function formatDetectable(percent: number): string {
  if (percent < 9.95) return `${(Math.ceil(percent * 10 - 1e-6) / 10).toFixed(1)} %`
  return `${Math.ceil(percent - 1e-6).toLocaleString('en-US')} %`
}

function adviseOf({design, saturated}: RunsJudgement): string[] {
  if (design === 'pairs' || saturated[0] + saturated[1] > 0) return []
  return [`${INDENT}repbench compare A.yaml B.yaml --pairs 10 makes enough, in turns; or repbench load --repeat 5`]
}
