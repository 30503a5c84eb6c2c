import {messageOf} from '../../protocol/errors.js'
import type {UiDrillResult} from '../../ui/ports/drill-port.js'
import type {DrillRoundsDocument, PolicyDrillsDocument, RepeatedDrillDocument} from '../documents/json/drill-json.js'
import {formatPolicyDrills} from '../documents/text/policies-text.js'
import {formatRepeatedDrill} from '../documents/text/repeated-drill-text.js'
import {formatDrillDocument} from '../history/kept-drill.js'
import {worstOutcomes} from './shown-outcome.js'

type Outcome = Omit<UiDrillResult, 'savedAs' | 'saveProblem'>

/**
 * The result of a drill, or of several of the same, for the screen.
 * @param failure why there are fewer than asked for, or a file that could not be written
 */
export function outcomeOfDrills(document: DrillRoundsDocument, failure?: unknown): Outcome {
  const drills = 'drills' in document ? document.drills : [document]
  const last = drills.at(-1)!
  const problem = drills.map(each => each.problem).find(each => each !== null) ?? null
  return {
    verdict: document.verdict,
    assertions: worstOutcomes(drills),
    problem: problem ?? (failure === undefined ? null : messageOf(failure)),
    advice: drills.map(({advice}) => advice).find(advice => advice !== null) ?? null,
    faultSeconds: last.times?.fault ?? null,
    report: reportOf(document),
    ...('drills' in document ? {repeated: countVerdicts(document)} : {}),
  }
}

/** One drill with its steps, which the command line tells as they come. */
function reportOf(document: DrillRoundsDocument): string {
  switch (document.schema) {
    case 'repbench.drill/1':
      return formatDrillDocument(document)
    case 'repbench.drills/1':
      return formatRepeatedDrill(document)
    case 'repbench.policies/1':
      return formatPolicyDrills(document)
  }
}

function countVerdicts({drills, repetitions}: RepeatedDrillDocument | PolicyDrillsDocument): string {
  const count = (wanted: string) => drills.filter(({verdict}) => verdict === wanted).length
  const made = drills.length < repetitions ? `${drills.length} of ${repetitions} times` : `${repetitions} times`
  return `${made}: pass ${count('pass')}, fail ${count('fail')}, unknown ${count('unknown')}`
}
