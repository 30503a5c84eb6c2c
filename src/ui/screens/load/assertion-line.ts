import type {PaneLine} from '../../draw/pane.js'
import type {Span} from '../../draw/text.js'
import type {RunView} from '../../state/load-state.js'
import {verdictMarks, verdictOrder, verdictTones} from '../../state/verdict-lines.js'

/** What a run was to keep to, and whether it did; what was broken comes first, as the rest may be cut. */
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
