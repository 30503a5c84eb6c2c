import {InvalidArgumentError} from 'commander'
import type {Verdict} from '../../engine/measure/verdict.js'
import {worstVerdict} from '../../engine/measure/verdict.js'
import {comparedMeasure} from '../documents/json/compared-measures.js'
import type {JudgedMeasure, RunsJudgement} from './judge-runs.js'
import {formatDetectable} from './judgement-text.js'

/** `p50=5%`: how much worse a later configuration may be. */
export interface SlowdownLimit {
  readonly measure: string
  readonly percent: number
}

export interface LimitOutcome extends SlowdownLimit {
  readonly verdict: Verdict
  readonly why: string
}

/** Smaller changes are never called one. */
const PERCENT_LEAST = 1

/**
 * Reads `p50=5%`, or several of them with commas.
 * @throws InvalidArgumentError that says what was expected and what came
 */
export function readLimits(text: string, before: readonly SlowdownLimit[] = []): readonly SlowdownLimit[] {
  const limits = text.split(',').map((part): SlowdownLimit => {
    const [, name = '', percent = ''] = /^([^=]+)=(\d+(?:\.\d+)?)%$/.exec(part.trim()) ?? []
    if (percent === '' || Number(percent) < PERCENT_LEAST) {
      throw new InvalidArgumentError(`Expected MEASURE=N%, N from ${PERCENT_LEAST}, such as p50=5%, got '${part}'`)
    }
    return {measure: readJudgedMeasure(name), percent: Number(percent)}
  })
  return [...before, ...limits]
}

/** Names of measures with commas: `p50,p99`. */
export function readMeasures(text: string, before: readonly string[] = []): readonly string[] {
  return [...new Set([...before, ...text.split(',').map(readJudgedMeasure)])]
}

function readJudgedMeasure(text: string): string {
  const measure = comparedMeasure(text.trim())
  if (measure !== undefined && measure.better !== null) return measure.name
  const got = measure === undefined ? `'${text}'` : `${measure.name}, of which neither way is better`
  throw new InvalidArgumentError(`Expected measures of a load, such as rate,p50,p99 or get.p99, got ${got}`)
}

/** Whether a later configuration keeps to a limit: a pass needs a comparison that could have seen it broken. */
export function checkLimit({measure, percent}: SlowdownLimit, {reason, measures}: RunsJudgement): LimitOutcome {
  const judged = measures.find(({name}) => name === measure)
  return {measure, percent, ...outcomeOf(percent, judged, reason)}
}

function outcomeOf(
  percent: number,
  judged: JudgedMeasure | undefined,
  reason: string | null,
): Pick<LimitOutcome, 'verdict' | 'why'> {
  if (judged === undefined || judged.judgement === null) {
    return {verdict: 'unknown', why: `no judgement: ${judged?.reason ?? reason ?? 'not measured'}`}
  }
  const {judgement, changePercent, detectablePercent} = judged
  if (judgement === 'better') return {verdict: 'pass', why: 'better'}
  if (judgement === 'worse') {
    const change = changePercent === null ? null : Math.abs(changePercent)
    const broken = change === null || change > percent
    return {verdict: broken ? 'fail' : 'pass', why: `worse${change === null ? '' : ` by ${change.toFixed(1)} %`}`}
  }
  const seen = detectablePercent !== null && detectablePercent <= percent
  const least = detectablePercent === null ? 'a change' : `less than ${formatDetectable(detectablePercent)}`
  return {verdict: seen ? 'pass' : 'unknown', why: `same; could not see ${least}`}
}

export function verdictOfLimits(outcomes: readonly LimitOutcome[]): Verdict {
  return worstVerdict(outcomes.map(({verdict}) => verdict))
}
