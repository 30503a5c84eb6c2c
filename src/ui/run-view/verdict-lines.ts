import {type Span, spansWidth, wrapWords} from '../draw/text.js'
import type {Tone} from '../draw/theme.js'
import type {UiDrillResult} from '../ports/drill-port.js'

export const verdictTones = {pass: 'ok', fail: 'bad', unknown: 'warn'} as const satisfies Record<string, Tone>
/** What was broken comes first: on a narrow screen the rest is cut. */
export const verdictOrder: readonly string[] = ['fail', 'unknown', 'pass']
export const verdictMarks = {pass: '✓', fail: '✗', unknown: '?'} as const

const BUDGET_LINES_MOST = 3
const ADVICE_LINES_MOST = 2
const GAP = '   '
const ADVICE_LABEL = 'what to do  '

/** What a drill is worth, which budgets it kept, and what to do where the pair is not whole, in lines of `width`. */
export function verdictLines(result: UiDrillResult, width: number): readonly (readonly Span[])[] {
  const {verdict} = result
  const head: readonly Span[] = [
    [` ${verdict.toUpperCase()} `, verdict === 'pass' ? 'selected' : 'alarm'],
    `  ${reason(result)}`,
  ]
  return [head, ...budgetLines(result, width), ...adviceLines(result, width)]
}

function budgetLines({budgets}: UiDrillResult, width: number): Span[][] {
  const sorted = budgets.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict))
  const lines: Span[][] = []
  for (const {expr, got, verdict} of sorted) {
    const outcome: Span[] = [[`${verdictMarks[verdict]} ${expr}`, verdictTones[verdict]], ` (${got})`]
    const line = lines.at(-1)
    if (line !== undefined && spansWidth(line) + GAP.length + spansWidth(outcome) <= width) line.push(GAP, ...outcome)
    else if (lines.length < BUDGET_LINES_MOST) lines.push(outcome)
    else break
  }
  return lines
}

function adviceLines({advice}: UiDrillResult, width: number): Span[][] {
  if (advice === null) return []
  const lines = wrapWords(advice, width - ADVICE_LABEL.length).slice(0, ADVICE_LINES_MOST)
  return lines.map((text, index) => [[index === 0 ? ADVICE_LABEL : ' '.repeat(ADVICE_LABEL.length), 'warn'], text])
}

function reason({verdict, problem, budgets}: UiDrillResult): string {
  if (problem !== null) return problem
  const broken = budgets.filter(budget => budget.verdict === 'fail').length
  if (verdict === 'pass') return 'every budget was kept'
  if (verdict === 'fail') return `${broken} of ${budgets.length} budgets ${broken === 1 ? 'was' : 'were'} broken`
  return 'not every budget could be judged'
}

/** What stands in the place of a path where a result could not be kept. */
export function notSaved(problem?: string): string {
  return problem === undefined ? 'not saved' : `not saved: ${problem}`
}
