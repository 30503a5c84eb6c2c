import type {Verdict} from '../measure/verdict.js'
import {type Assertion, holds} from './assertion.js'
import {excuse} from './excuse.js'
import type {Doubt, MeasureUnit} from './measure.js'

/** Outcome of an assertion. */
export interface AssertionOutcome {
  readonly expr: string
  /** Null when it was not measured. */
  readonly actual: number | boolean | null
  /** Of `actual`. */
  readonly unit: Exclude<MeasureUnit, 'share'> | 'percent'
  readonly verdict: Verdict
  /** `actual` is a lower bound. */
  readonly isAtLeast?: true | undefined
  /** Why it is unknown, or a bound. */
  readonly reason?: string | undefined
}

/** Judges an assertion by a result; unknown when it was not measured, or when the generator's lateness may have broken it. */
export function checkAssertion<Result>(assertion: Assertion<Result>, result: Result): AssertionOutcome {
  const {expr, operator, limit} = assertion
  const doubt = assertion.measure.doubt?.(result) ?? null
  if (doubt !== null) return checkDoubtful(assertion, doubt)
  const {actual, unit} = readActual(assertion, result)
  if (actual === null) return {expr, actual, unit, verdict: 'unknown'}
  if (holds(operator, Number(actual), Number(limit))) return {expr, actual, unit, verdict: 'pass'}
  const reason = excuse(assertion, result)
  return reason === null ? {expr, actual, unit, verdict: 'fail'} : {expr, actual, unit, verdict: 'unknown', reason}
}

/** The bounds decide when both keep the limit or both break it; else it is unknown. */
function checkDoubtful<Result>(
  {expr, measure, operator, limit}: Assertion<Result>,
  {reason, atLeast, atMost = Number.POSITIVE_INFINITY}: Doubt,
): AssertionOutcome {
  const unit = measure.unit === 'share' ? 'percent' : measure.unit
  const judge = (): Verdict => {
    if (atLeast === null) return 'unknown'
    const outside = atLeast > Number(limit) || atMost < Number(limit)
    // Equality is certain only outside the bounds.
    if (operator === '==' || operator === '!=') return outside ? (operator === '!=' ? 'pass' : 'fail') : 'unknown'
    const both = [atLeast, atMost].map(bound => holds(operator, bound, Number(limit)))
    if (both[0] !== both[1]) return 'unknown'
    return both[0] ? 'pass' : 'fail'
  }
  return {
    expr,
    actual: atLeast,
    unit,
    verdict: judge(),
    ...(atLeast === null ? {} : {isAtLeast: true}),
    reason,
  }
}

function readActual<Result>(
  {measure, isPercentage}: Assertion<Result>,
  result: Result,
): Pick<AssertionOutcome, 'actual' | 'unit'> {
  const value = measure.read(result)
  if (measure.unit === 'share') return {actual: value === null ? null : percentage(Number(value), 1), unit: 'percent'}
  if (!isPercentage) return {actual: value, unit: measure.unit}
  const whole = measure.whole?.(result) ?? null
  return {actual: value === null || whole === null ? null : percentage(Number(value), whole), unit: 'percent'}
}

/** Null of nothing. Rounded, so that 0.57 is not below 57 %. */
function percentage(part: number, whole: number): number | null {
  return whole === 0 ? null : Number(((part / whole) * 100).toFixed(9))
}
