import type {Assertion} from '../../assertions/assertion.js'
import {type AssertionOutcome, checkAssertion} from '../../assertions/check-assertion.js'
import {type Verdict, worstVerdict} from '../../measure/verdict.js'
import type {DrillResult} from './drill-result.js'

export interface DrillJudgement {
  readonly assertions: readonly AssertionOutcome[]
  readonly verdict: Verdict
}

/** Judges a drill by assertions. A drill with a problem is unknown, whatever else holds. */
export function judgeDrill(result: DrillResult, assertions: readonly Assertion<DrillResult>[]): DrillJudgement {
  const outcomes = assertions.map(assertion => checkAssertion(assertion, result))
  const verdict = result.problem === null ? worstVerdict(outcomes.map(outcome => outcome.verdict)) : 'unknown'
  return {assertions: outcomes, verdict}
}
