import type {UiState} from '../../../core/ui-state.js'
import {windowAround} from '../../../core/window-around.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import type {Theme} from '../../../draw/theme.js'
import type {DrillSummary} from '../../../ports/drill-port.js'
import {drillFormOn} from '../state/drill-form.js'
import {chosenDrillLines, isEdited} from './chosen-drill.js'

/** Which pairs run says on what a drill can be run. */
export type DrillListData = Pick<UiState, 'drill' | 'pairs' | 'nodes' | 'session'>

/** The drills to choose from, and what the chosen one is judged by. */
export function drillList(data: DrillListData, {width, height}: Area, theme: Theme): string[] {
  const {drills, chosen} = data.drill
  return pane({
    title: ['Drills: rehearse a failure, see its cost'],
    corner: [[`${drills === null ? '' : `${chosen + 1} of ${drills.length}  `}j k choose`, 'dim']],
    lines:
      drills === null
        ? [[['reading the drills…', 'dim']]]
        : listLines(data, drills, {width: width - PANE_SIDES, height: innerRows(height)}),
    width,
    height,
    theme,
  })
}

function listLines(
  {drill: {chosen, past, formValues}, ...surroundings}: DrillListData,
  drills: readonly DrillSummary[],
  {width, height: rows}: Area,
): PaneLine[] {
  const drill = drills[chosen]
  const below =
    drill === undefined
      ? []
      : [
          [],
          ...chosenDrillLines(drill, {
            form: drillFormOn(drill, surroundings),
            past,
            given: formValues[drill.name] ?? {},
            readonly: surroundings.session.readonly,
            width,
          }),
        ]
  const {first, shown} = windowAround(drills, chosen, Math.max(1, rows - below.length))
  const nameWidth = Math.max(...drills.map(({name}) => name.length))
  const lines = shown.map(({name, summary}, index): PaneLine => {
    const marked = first + index === chosen
    const label = ` ${marked ? '>' : ' '} ${name.padEnd(nameWidth)} `
    const star = isEdited(formValues[name]) ? '*' : ' '
    return [
      [label, marked ? 'selected' : 'plain'],
      [`${star} `, 'warn'],
      [summary, marked ? 'plain' : 'dim'],
    ]
  })
  return [...lines, ...below]
}
