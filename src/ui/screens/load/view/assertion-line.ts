import type {PaneLine} from '../../../draw/pane.js'
import {type Span, wrapWords} from '../../../draw/text.js'
import {verdictMarks, verdictOrder, verdictTones} from '../../../run-view/verdict-lines.js'
import type {RunView} from '../state/load-run.js'

/** Assertions of a run and their outcome; those that failed come first, as the rest may be cut. */
export function assertionLines(result: RunView['result']): PaneLine[] {
  const {assertions = []} = result ?? {}
  if (assertions.length === 0) return []
  const sorted = assertions.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict))
  return [
    sorted.flatMap(({expr, got, verdict}): Span[] => [
      [`${verdictMarks[verdict]} ${expr}`, verdictTones[verdict]],
      ` (${got})   `,
    ]),
  ]
}

const REASON_LINES_MOST = 2

/** Why a run is no pass, where neither its errors nor its conditions say so. */
export function reasonLines(result: RunView['result'], width: number): PaneLine[] {
  const {reasons = []} = result ?? {}
  if (reasons.length === 0) return []
  return wrapWords(`✖ ${reasons.join(', ')}`, width)
    .slice(0, REASON_LINES_MOST)
    .map((text): PaneLine => [[text, 'bad']])
}
