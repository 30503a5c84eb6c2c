import {isLabelled} from '../../../draw/chart.js'
import {formatMs} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import type {Span} from '../../../draw/text.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import {CURVE_POINTS_A_DECADE, type LatencyCurve} from '../../../ports/report-port.js'

const LABEL_WIDTH = 7
const AXIS_ROWS = 1
const SPAN_MOST = 1000
/** Told from each other without colour too; where they meet, the first is seen. */
const marks = [
  ['●', 'accent'],
  ['○', 'warn'],
] as const satisfies readonly (readonly [string, Tone])[]
const axisLabels = ['0 %', '90 %', '99 %', '99.9 %', '99.99 %', '99.999 %'] as const

/** Latency by percentile: the slowest tenth, hundredth … of the calls each get as much room as all that are faster. */
export function percentileChart(curves: readonly LatencyCurve[], {width, height}: Area, theme: Theme): string[] {
  const columns = Math.max(1, width - PANE_SIDES - LABEL_WIDTH - 2)
  const rows = Math.max(1, innerRows(height) - AXIS_ROWS)
  const points = Math.max(2, ...curves.map(({us}) => us.length))
  const grid = gridOf(curves, {columns, rows, points})
  const lines = grid.rows.map((cells, row): PaneLine => {
    const label = isLabelled(row, rows - 1) || rows < 5 ? formatMs(grid.usOfRow(row)) : ''
    return [[`${label.padStart(LABEL_WIDTH)} ┤`, 'dim'], ...cells]
  })
  return pane({
    title: ['Latency ms by percentile'],
    corner: curves.flatMap(({name}, index): Span[] => [
      ...(index === 0 ? [] : ['   ']),
      marks[index % marks.length]!,
      ` ${name}`,
    ]),
    lines: [...lines, [[`${' '.repeat(LABEL_WIDTH + 2)}${axisText(columns, points)}`, 'dim']]],
    width,
    height,
    theme,
  })
}

/** Latencies span decades: their logarithm is drawn. */
function gridOf(
  curves: readonly LatencyCurve[],
  {columns, rows, points}: {columns: number; rows: number; points: number},
): {readonly rows: Span[][]; readonly usOfRow: (row: number) => number} {
  const all = curves.flatMap(({us}) => us.map(value => Math.max(1, value)))
  const highest = Math.log(all.reduce((a, b) => Math.max(a, b), 1))
  const lowest = Math.log(all.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY))
  // The very fastest calls would take the room of all others.
  const low = Math.max(lowest, highest - Math.log(SPAN_MOST))
  const high = Math.max(highest, low + Math.log(2))
  const cells: Span[][] = Array.from({length: rows}, () => Array.from({length: columns}, () => ' '))
  for (const [index, {us}] of [...curves.entries()].toReversed()) {
    for (let column = 0; column < columns; column += 1) {
      const value = us[Math.round((column / Math.max(1, columns - 1)) * (points - 1))]
      if (value === undefined) continue
      const share = Math.max(0, (Math.log(Math.max(1, value)) - low) / (high - low))
      cells[Math.round((1 - share) * (rows - 1))]![column] = marks[index % marks.length]!
    }
  }
  const usOfRow = (row: number) => Math.exp(high - ((high - low) * row) / Math.max(1, rows - 1))
  return {rows: cells, usOfRow}
}

/** The decades, each label from where it stands for. */
function axisText(columns: number, points: number): string {
  let text = ''
  for (const [decade, label] of axisLabels.entries()) {
    const point = decade * CURVE_POINTS_A_DECADE
    const column = Math.round((point / (points - 1)) * (columns - 1))
    if (point > points - 1 || column + label.length > columns) break
    if (column < text.length + (text === '' ? 0 : 1)) continue
    text = text.padEnd(column) + label
  }
  return text
}
