import {worstVerdict} from '../../engine/measure/verdict.js'
import {messageOf} from '../../protocol/errors.js'
import type {UiDrillResult} from '../../ui/ports/drill-port.js'
import {type DrillDocument, repeatedDrillDocument} from '../documents/json/drill-json.js'
import {formatRepeatedDrill} from '../documents/text/repeated-drill-text.js'
import {formatDrillDocument} from '../history/kept-drill.js'
import {worstOutcomes} from './worst-outcomes.js'

type Outcome = Omit<UiDrillResult, 'savedAs' | 'saveProblem'>

/**
 * What a drill, or several of the same, come to on the screen.
 * @param asked how many there were to be, and why there are no more
 */
export function drillOutcome(
  documents: readonly DrillDocument[],
  {repeat, failure}: {readonly repeat: number; readonly failure?: unknown},
): Outcome {
  const last = documents.at(-1)!
  const isMissing = documents.length < repeat
  const verdicts = documents.map(({verdict}) => verdict)
  const problem = documents.map(each => each.problem).find(each => each !== null) ?? null
  return {
    verdict: worstVerdict(isMissing ? [...verdicts, 'unknown'] : verdicts),
    budgets: worstOutcomes(documents),
    problem: problem ?? (failure === undefined ? null : messageOf(failure)),
    advice: documents.map(({advice}) => advice).find(advice => advice !== null) ?? null,
    faultSeconds: last.times?.fault ?? null,
    report: repeat === 1 ? formatDrillDocument(last) : formatRepeatedDrill(repeatedDrillDocument(documents)),
    ...(repeat === 1 ? {} : {repeated: countVerdicts(documents, repeat)}),
  }
}

function countVerdicts(documents: readonly DrillDocument[], repeat: number): string {
  const count = (wanted: string) => documents.filter(({verdict}) => verdict === wanted).length
  const made = documents.length < repeat ? `${documents.length} of ${repeat} times` : `${repeat} times`
  return `${made}: pass ${count('pass')}, fail ${count('fail')}, unknown ${count('unknown')}`
}
