import {type PaneLine, pane} from '../../draw/pane.js'
import type {Span} from '../../draw/text.js'
import type {UiDrillResult} from '../../drill-port.js'
import type {DrillView} from '../../state/drill-state.js'
import type {Area} from '../../state/layout.js'
import type {Theme, Tone} from '../../theme.js'

export const verdictTones = {pass: 'ok', fail: 'bad', unknown: 'warn'} as const satisfies Record<string, Tone>
/** What was broken comes first: on a narrow screen the rest is cut. */
const order = ['fail', 'unknown', 'pass']
const marks = {pass: '✓', fail: '✗', unknown: '?'} as const

/** What the drill is worth, and which budgets it kept. */
export function verdictBanner(run: DrillView, result: UiDrillResult, {width, height}: Area, theme: Theme): string[] {
  const {verdict, budgets} = result
  const sorted = budgets.toSorted((a, b) => order.indexOf(a.verdict) - order.indexOf(b.verdict))
  const outcomes = sorted.flatMap(({expr, got, verdict: one}): Span[] => [
    [`${marks[one]} ${expr}`, verdictTones[one]],
    ` (${got})   `,
  ])
  const lines: PaneLine[] = [
    [[` ${verdict.toUpperCase()} `, verdict === 'pass' ? 'selected' : 'alarm'], `  ${reason(result)}`],
    outcomes,
  ]
  return pane({
    title: [[`Drill #${run.number} ${run.drill}`, 'strong']],
    corner: [['esc', 'key'], ' the drills'],
    lines,
    tone: verdictTones[verdict],
    width,
    height,
    theme,
  })
}

function reason({verdict, problem, budgets}: UiDrillResult): string {
  if (problem !== null) return problem
  const broken = budgets.filter(budget => budget.verdict === 'fail').length
  if (verdict === 'pass') return 'every budget was kept'
  if (verdict === 'fail') return `${broken} of ${budgets.length} budgets ${broken === 1 ? 'was' : 'were'} broken`
  return 'not every budget could be judged'
}
