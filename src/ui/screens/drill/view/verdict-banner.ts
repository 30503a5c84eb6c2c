import type {Area} from '../../../draw/layout.js'
import {PANE_SIDES, pane} from '../../../draw/pane.js'
import type {Theme} from '../../../draw/theme.js'
import type {UiDrillResult} from '../../../ports/drill-port.js'
import {verdictLines, verdictTones} from '../../../run-view/verdict-lines.js'
import type {DrillRunView} from '../state/drill-state.js'

/** Verdict of the drill, its assertions, and what to do. */
export function verdictBanner(run: DrillRunView, result: UiDrillResult, {width, height}: Area, theme: Theme): string[] {
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
