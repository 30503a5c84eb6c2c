import {messageOf} from '../../protocol/errors.js'
import type {UiRunResult} from '../../ui/ports/run-port.js'
import type {RepeatedDocument} from '../documents/json/repeated-json.js'
import type {RunDocument} from '../documents/json/run-json.js'
import {runsOf, type SavedDocument} from '../documents/json/saved-document.js'
import {formatMeasure} from '../documents/phrases/format.js'
import {assertionReasons} from '../documents/phrases/run-reasons.js'
import {formatDocument} from '../documents/text/document-text.js'
import {worstOutcomes} from './shown-outcome.js'

type Outcome = Pick<UiRunResult, 'report' | 'verdict' | 'reasons' | 'assertions' | 'repeated'>

/**
 * The result of a run, or of several, for the screen.
 * @param failure why there are fewer than asked for
 */
export function outcomeOf(document: SavedDocument, failure?: unknown): Outcome {
  const runs = runsOf(document)
  const {verdict} = document
  return {
    report: formatDocument(document),
    verdict,
    reasons: verdict === 'pass' ? [] : [...missing(document, failure), ...new Set(runs.flatMap(ownReasons))],
    assertions: worstOutcomes(runs),
    ...('runs' in document ? {repeated: describeRepeated(document)} : {}),
  }
}

/** Assertions have lines of their own. */
function ownReasons({reasons, assertions, verdict}: RunDocument): readonly string[] {
  const ofAssertions = new Set(assertionReasons(assertions, verdict))
  return reasons.filter(reason => !ofAssertions.has(reason))
}

function missing(document: SavedDocument, failure: unknown): string[] {
  const count = 'runs' in document ? document.repetitions - document.runs.length : 0
  if (count === 0) return []
  return [`runs not made: ${count}${failure === undefined ? '' : ` (${messageOf(failure)})`}`]
}

/** Medians of the finished runs: `5 runs, medians: 2,000 op/s  p50 0.21 p99 1.30 max 4.10 ms  p99 ±12 %`. */
function describeRepeated({runs, repetitions, summary}: RepeatedDocument): string {
  const whole = runs.filter(({interrupted}) => !interrupted).length
  const which = whole === repetitions ? `${whole} runs` : `${whole} of ${repetitions} runs`
  if (whole === 0) return `none of ${repetitions} runs finished`
  const median = (name: string, unit: 'us' | 'count' | 'perSecond') =>
    formatMeasure(unit, summary[name]?.median ?? null)
  const spread = summary.p99?.spreadPercent
  const times = `p50 ${median('p50', 'us')} p99 ${median('p99', 'us')} max ${median('max', 'us')} ms`
  const apart = spread == null || whole < 2 ? '' : `  p99 spread ${spread.toFixed(0)} %`
  return `${which}, medians: ${median('rate', 'perSecond')} op/s  ${times}  errors ${median('errors', 'count')}${apart}`
}
