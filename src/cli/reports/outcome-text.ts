import type {AssertionOutcome} from '../../engine/assertions/check-assertion.js'
import {formatMeasure} from './format.js'

const unitTexts = {us: ' ms', count: '', perSecond: ' op/s', percent: ' %', boolean: ''} as const

/** What was measured, with its unit. */
export function describeOutcome({actual, unit}: Pick<AssertionOutcome, 'actual' | 'unit'>): string {
  if (actual === null) return '–'
  if (actual === Number.POSITIVE_INFINITY) return 'never'
  return `${formatMeasure(unit, actual)}${unitTexts[unit]}`
}
