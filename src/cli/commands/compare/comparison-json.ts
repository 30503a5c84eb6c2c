import type {Comparison} from '../../compare/compare-runs.js'
import type {NamedDocument} from '../../compare/comparison-text.js'
import type {JudgedMeasure, RunsJudgement} from '../../compare/judge-runs.js'
import type {LimitOutcome} from '../../compare/slowdown-limits.js'
import {nameOfRun, runsOf} from '../../documents/json/saved-document.js'

/** The JSON document of `repbench compare`. */
export function comparisonJson(
  named: readonly NamedDocument[],
  {rows, differences, judgements}: Comparison,
  limits: readonly LimitOutcome[],
): object {
  return {
    schema: 'repbench.compare/1',
    runs: named.map(({label, path, document}) => ({
      label,
      path,
      name: nameOfRun(document),
      startedAt: document.startedAt,
      repetitions: runsOf(document).length,
      verdict: document.verdict,
    })),
    differences,
    measures: rows,
    judgements: judgements.map((judgement, index) => describeJudgement(judgement, named[index + 1]!.label)),
    limits: limits.map(({measure, percent, verdict, why}) => ({measure, maxPercent: percent, verdict, why})),
  }
}

/** Of a later document, held against the first. */
function describeJudgement({design, pairs, runs, saturated, ...rest}: RunsJudgement, label: string): object {
  const {reason, test, significance, measures} = rest
  return {
    label,
    design,
    pairs,
    runs: {first: runs[0], second: runs[1]},
    leftOut: {first: saturated[0], second: saturated[1]},
    reason,
    test,
    significance,
    family: measures.filter(({pValue}) => pValue !== null).map(({name}) => name),
    measures: measures.map(toJson),
  }
}

function toJson({name, judgement, reason, changePercent, pValue, detectablePercent}: JudgedMeasure): object {
  return {name, judgement, reason, changePercent, p: pValue, detectablePercent}
}
