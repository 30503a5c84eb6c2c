import {windowAround} from '../../../core/window-around.js'
import {ABSENT, formatCount} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import {padTo} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import type {PastDrill} from '../../../ports/drill-port.js'
import {verdictTones} from '../../../run-view/verdict-lines.js'
import type {DrillState} from '../state/drill-state.js'

const HEADING_ROWS = 1
/** The name of a file that is none of ours may be longer. */
const NAME_MOST = 24

/** Verdicts of earlier drills, newest first. */
export function historyPane({past, chosenPast}: DrillState, {width, height}: Area, theme: Theme): string[] {
  return pane({
    title: [`History of drills${past === null ? '' : ` ${past.length}`}`],
    corner: [['newest first', 'dim']],
    lines: past === null ? [[['reading the history…', 'dim']]] : rowsOf(past, chosenPast, innerRows(height)),
    width,
    height,
    theme,
  })
}

function rowsOf(past: readonly PastDrill[], chosen: number, rows: number): PaneLine[] {
  if (past.length === 0) {
    return [
      [['No drill yet: ', 'strong'], ['esc', 'key'], ' goes to the drills, ', ['enter', 'key'], ' there runs one'],
    ]
  }
  const {first, shown} = windowAround(past, chosen, rows - HEADING_ROWS)
  const nameWidth = Math.min(NAME_MOST, Math.max(...past.map(({drill}) => drill.length)))
  const heading = `   ${'started (UTC)'.padEnd(19)}  ${'drill'.padEnd(nameWidth)}  verdict     rto s     lost`
  return [[[heading, 'dim']], ...shown.map((drill, index) => rowOf(drill, first + index === chosen, nameWidth))]
}

function rowOf(past: PastDrill, marked: boolean, width: number): PaneLine {
  const {startedAt, drill, verdict, rtoMs, lostWrites, flaw} = past
  const started = startedAt.slice(0, 19).replace('T', ' ').padEnd(19)
  const label = ` ${marked ? '>' : ' '} ${started}  ${padTo(drill, width)} `
  if (flaw !== null) return [[label, marked ? 'selected' : 'plain'], ' ', ['unreadable: enter says why', 'bad']]
  const rto = rtoMs === null ? ABSENT : (rtoMs / 1000).toFixed(2)
  return [
    [label, marked ? 'selected' : 'plain'],
    ' ',
    [verdict.padEnd(7), verdictTones[verdict]],
    `  ${rto.padStart(8)}  ${formatCount(lostWrites).padStart(7)}`,
  ]
}
