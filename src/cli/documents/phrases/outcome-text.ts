import type {AssertionOutcome} from '../../../engine/assertions/check-assertion.js'
import {formatMeasure} from './format.js'

const unitTexts = {us: ' ms', count: '', perSecond: ' op/s', percent: ' %', boolean: ''} as const

type Told = Omit<AssertionOutcome, 'expr' | 'verdict'>

/** What was measured, with its unit, and why it is no more than that. */
export function describeOutcome({actual, unit, isAtLeast, reason}: Told): string {
  const why = reason === undefined ? '' : `: ${reason}`
  if (actual === null) return `–${why}`
  if (actual === Number.POSITIVE_INFINITY) return 'never'
  return `${isAtLeast === true ? '≥ ' : ''}${formatMeasure(unit, actual)}${unitTexts[unit]}${why}`
}

/** `got 8.82 ms`, or that it was not measured. */
export function gotText(outcome: Told): string {
  const {actual, reason} = outcome
  if (actual !== null) return `got ${describeOutcome(outcome)}`
  return `not measured${reason === undefined ? '' : `: ${reason}`}`
}
