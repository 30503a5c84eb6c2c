import {type Span, spansWidth, wrapWords} from '../draw/text.js'
import type {Tone} from '../draw/theme.js'
import type {UiDrillResult} from '../ports/drill-port.js'

export const verdictTones = {pass: 'ok', fail: 'bad', unknown: 'warn'} as const satisfies Record<string, Tone>
/** What failed comes first: on a narrow screen the rest is cut. */
export const verdictOrder: readonly string[] = ['fail', 'unknown', 'pass']
export const verdictMarks = {pass: '✓', fail: '✗', unknown: '?'} as const

const ASSERTION_LINES_MOST = 3
const ADVICE_LINES_MOST = 2
const GAP = '   '
const ADVICE_LABEL = 'what to do  '

/** Verdict of a drill, its assertions, and what to do where the pair did not recover, in lines of `width`. */
export function verdictLines(result: UiDrillResult, width: number): readonly (readonly Span[])[] {
  const {verdict} = result
  const head: readonly Span[] = [
    [` ${verdict.toUpperCase()} `, verdict === 'pass' ? 'selected' : 'alarm'],
    `  ${reason(result)}`,
  ]
  return [head, ...assertionLines(result, width), ...adviceLines(result, width)]
}

function assertionLines({assertions}: UiDrillResult, width: number): Span[][] {
  const sorted = assertions.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict))
  const lines: Span[][] = []
  for (const {expr, got, verdict} of sorted) {
    const outcome: Span[] = [[`${verdictMarks[verdict]} ${expr}`, verdictTones[verdict]], ` (${got})`]
    const line = lines.at(-1)
    if (line !== undefined && spansWidth(line) + GAP.length + spansWidth(outcome) <= width) line.push(GAP, ...outcome)
    else if (lines.length < ASSERTION_LINES_MOST) lines.push(outcome)
    else break
  }
  return lines
}

function adviceLines({advice}: UiDrillResult, width: number): Span[][] {
  if (advice === null) return []
  const lines = wrapWords(advice, width - ADVICE_LABEL.length).slice(0, ADVICE_LINES_MOST)
  return lines.map((text, index) => [[index === 0 ? ADVICE_LABEL : ' '.repeat(ADVICE_LABEL.length), 'warn'], text])
}

function reason({verdict, problem, assertions}: UiDrillResult): string {
  if (problem !== null) return problem
  const failed = assertions.filter(({verdict: each}) => each === 'fail').length
  if (verdict === 'pass') return 'all assertions passed'
  if (verdict === 'fail') return `${failed} of ${assertions.length} assertions failed`
  return 'an assertion could not be judged'
}

/** Text in place of a path, where a result could not be saved. */
export function notSaved(problem?: string): string {
  return problem === undefined ? 'not saved' : `not saved: ${problem}`
}
