import type {AssertionOutcome} from '../../engine/assertions/check-assertion.js'
import {worstVerdict} from '../../engine/measure/verdict.js'
import {describeOutcome} from '../documents/phrases/outcome-text.js'
import {tildePath} from '../files/tilde-path.js'
import type {SaveOutcome} from '../history/save-result.js'

interface ShownSave {
  readonly savedAs: string | null
  readonly saveProblem?: string
}

/** Where a result was saved, as the screen shows it. */
export function shownSave({path, problem}: SaveOutcome): ShownSave {
  return path === null ? {savedAs: null, saveProblem: problem} : {savedAs: tildePath(path)}
}

interface ShownOutcome extends Pick<AssertionOutcome, 'expr' | 'verdict'> {
  readonly got: string
}

/** The worst outcome of each assertion, of runs with the same assertions. */
export function worstOutcomes(runs: readonly {readonly assertions: readonly AssertionOutcome[]}[]): ShownOutcome[] {
  return (runs[0]?.assertions ?? []).map((_, index) => {
    const outcomes = runs.map(({assertions}) => assertions[index]!)
    const verdict = worstVerdict(outcomes.map(outcome => outcome.verdict))
    const worst = outcomes.find(outcome => outcome.verdict === verdict)!
    return {expr: worst.expr, got: describeOutcome(worst), verdict}
  })
}
