import {chart, plotColumns} from '../../../draw/chart.js'
import {formatCount} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, pane} from '../../../draw/pane.js'
import {paint, type Span} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import {type Charted, runSeries, timeColumns} from '../../../run-view/run-series.js'
import type {DrillRunView} from '../state/drill-state.js'
import {drillMarks} from './drill-marks.js'

/** The time axis grows by so much, so that the picture stands still meanwhile. */
const AXIS_STEP_SECONDS = 20

/** The rate that clients got, and below it when the fault, the recovery and the pairing happened. */
export function drillChart(run: DrillRunView, {width, height}: Area, theme: Theme): string[] {
  const inner = width - PANE_SIDES
  const columns = plotColumns(inner)
  const charted = withAxis(run)
  const series = runSeries({run: charted, columns, value: ({opsPerSecond}) => opsPerSecond, combine: 'mean'})
  const lines = chart({
    values: series,
    width: inner,
    height: innerRows(height) - 1,
    formatLabel: formatCount,
    theme,
    tone: 'ok',
    // What matters is how much of the rate is left.
    from: 0,
    empty: run.phase === 'running' ? 'no load yet' : 'nothing measured',
  })
  const marks = paint([' '.repeat(inner - columns), ...markSpans(run, charted, columns)], inner, theme)
  return pane({
    title: ['Answered op/s'],
    corner: legendSpans(run),
    lines: [...lines, marks].map(painted => ({painted})),
    width,
    height,
    theme,
  })
}

function withAxis({points, snapshot, phase}: DrillRunView): Charted {
  const end = points.at(-1)?.elapsedSeconds ?? 0
  // What is over has all of the room.
  const plannedSeconds = phase === 'ended' ? end : Math.max(1, Math.ceil(end / AXIS_STEP_SECONDS)) * AXIS_STEP_SECONDS
  return {points, snapshot: snapshot === null ? null : {...snapshot, plannedSeconds}}
}

/** A sign exactly below the moment, and its name where that has room before the next sign. */
function markSpans(run: DrillRunView, charted: Charted, columns: number): Span[] {
  const {columnOf} = timeColumns(charted, columns)
  const marks = drillMarks(run)
    .map(mark => ({...mark, column: columnOf(mark.seconds)}))
    .filter(({column}) => column >= 0)
  const spans: Span[] = []
  let at = 0
  for (const [index, {sign, name, tone, column}] of marks.entries()) {
    // Of signs at the same place the last one stands.
    const next = marks[index + 1]?.column ?? columns
    if (next === column) continue
    const text = next - column > name.length + 3 ? `${sign} ${name}` : sign
    spans.push(' '.repeat(column - at), [text, tone])
    at = column + text.length
  }
  return spans
}

/** The moments in words: where signs stand close together there is no room for their names below. */
function legendSpans(run: DrillRunView): Span[] {
  const last = run.points.at(-1)
  return [
    ...drillMarks(run).flatMap(({sign, name, seconds, tone}): Span[] => [
      [`${sign} ${name}`, tone],
      ` ${seconds.toFixed(1)} s   `,
    ]),
    ...(last === undefined
      ? []
      : ([[`${run.phase === 'ended' ? 'end' : 'now'} ${last.elapsedSeconds.toFixed(1)} s`, 'dim']] as const)),
  ]
}
