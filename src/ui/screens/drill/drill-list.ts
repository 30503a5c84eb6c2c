import {PANE_SIDES, type PaneLine, pane} from '../../draw/pane.js'
import type {DrillSummary} from '../../drill-port.js'
import type {DrillState} from '../../state/drill-state.js'
import {type Area, innerRows} from '../../state/layout.js'
import {windowAround} from '../../state/window-around.js'
import type {Theme} from '../../theme.js'
import {chosenDrillLines, isEdited} from './chosen-drill.js'

/** The drills to choose from, and what the chosen one is judged by. */
export function drillList(drill: DrillState, {width, height}: Area, theme: Theme): string[] {
  const {drills} = drill
  return pane({
    title: ['Drills: rehearse a failure, see what it costs'],
    corner: [['j k choose', 'dim']],
    lines:
      drills === null
        ? [[['reading the drills…', 'dim']]]
        : listLines(drill, drills, {width: width - PANE_SIDES, height: innerRows(height)}),
    width,
    height,
    theme,
  })
}

function listLines(
  {chosen, past, edits}: DrillState,
  drills: readonly DrillSummary[],
  {width, height: rows}: Area,
): PaneLine[] {
  const drill = drills[chosen]
  const below =
    drill === undefined ? [] : [[], ...chosenDrillLines(drill, {past, given: edits[drill.name] ?? {}, width})]
  const {first, shown} = windowAround(drills, chosen, Math.max(1, rows - below.length))
  const nameWidth = Math.max(...drills.map(({name}) => name.length))
  const lines = shown.map(({name, summary}, index): PaneLine => {
    const marked = first + index === chosen
    const label = ` ${marked ? '>' : ' '} ${name.padEnd(nameWidth)} `
    const star = isEdited(edits[name]) ? '*' : ' '
    return [
      [label, marked ? 'selected' : 'plain'],
      [`${star} `, 'warn'],
      [summary, marked ? 'plain' : 'dim'],
    ]
  })
  return [...lines, ...below]
}
