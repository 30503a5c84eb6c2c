import {PANE_SIDES, pane} from '../../draw/pane.js'
import type {UiDrillResult} from '../../drill-port.js'
import type {DrillView} from '../../state/drill-state.js'
import type {Area} from '../../state/layout.js'
import {verdictLines, verdictTones} from '../../state/verdict-lines.js'
import type {Theme} from '../../theme.js'

/** What the drill is worth, which budgets it kept, and what to do. */
export function verdictBanner(run: DrillView, result: UiDrillResult, {width, height}: Area, theme: Theme): string[] {
  return pane({
    title: [
      [`Drill #${run.number} ${run.drill}`, 'strong'],
      ...(result.repeated === undefined ? [] : [`  ${result.repeated}`]),
    ],
    corner: [['esc', 'key'], ' the drills'],
    lines: verdictLines(result, width - PANE_SIDES),
    tone: verdictTones[result.verdict],
    width,
    height,
    theme,
  })
}
