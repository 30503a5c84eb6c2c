import {type PaneLine, pane} from '../../draw/pane.js'
import type {DrillSummary, PastDrill} from '../../drill-port.js'
import type {DrillState} from '../../state/drill-state.js'
import {type Area, innerRows} from '../../state/layout.js'
import {windowAround} from '../../state/window-around.js'
import type {Theme} from '../../theme.js'
import {verdictTones} from './verdict-banner.js'

const ROWS_BELOW = 5

/** The drills to choose from, and what the chosen one is judged by. */
export function drillList(drill: DrillState, {width, height}: Area, theme: Theme): string[] {
  const {drills} = drill
  return pane({
    title: ['Drills: rehearse a failure, see what it costs'],
    corner: [['j k choose', 'dim']],
    lines: drills === null ? [[['reading the drills…', 'dim']]] : listLines(drill, drills, innerRows(height)),
    width,
    height,
    theme,
  })
}

function listLines({chosen, past}: DrillState, drills: readonly DrillSummary[], rows: number): PaneLine[] {
  const {first, shown} = windowAround(drills, chosen, Math.max(1, rows - ROWS_BELOW))
  const nameWidth = Math.max(...drills.map(({name}) => name.length))
  const lines = shown.map(({name, summary}, index): PaneLine => {
    const marked = first + index === chosen
    const label = ` ${marked ? '>' : ' '} ${name.padEnd(nameWidth)} `
    return [[label, marked ? 'selected' : 'plain'], '  ', [summary, marked ? 'plain' : 'dim']]
  })
  const drill = drills[chosen]
  return drill === undefined ? lines : [...lines, [], ...chosenLines(drill, past)]
}

function chosenLines({name, summary, budgets}: DrillSummary, past: readonly PastDrill[] | null): PaneLine[] {
  const last = past?.find(({drill}) => drill === name)
  return [
    [[summary, 'strong']],
    [['budgets    ', 'dim'], budgets.join('   ')],
    last === undefined
      ? [['last time  ', 'dim'], 'never']
      : [
          ['last time  ', 'dim'],
          [last.verdict, verdictTones[last.verdict]],
          `  ${last.startedAt.slice(0, 19).replace('T', ' ')} UTC`,
        ],
    [['enter', 'key'], ` runs ${name} on a pair launched for it   `, ['h', 'key'], ' history'],
  ]
}
