import type {LatencySummary} from '../../../../engine/measure/latency-summary.js'
import {ABSENT, formatCount, formatMs} from '../../../draw/format.js'
import {type Area, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {padTo, type Span} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import {latencyRows} from '../state/latency-rows.js'
import {firstLine, type MaximizedPane} from '../state/load-panes.js'
import type {RunView} from '../state/load-run.js'

const columns = ['p50', 'p90', 'p99', 'p99.9', 'max', 'ops', 'err'] as const
const HEADING_ROWS = 1
const NAME_WIDTH_LEAST = 10
const CELL_WIDTH_MOST = 11

/** Percentiles since the start of the run: response from the intended start, service from the send; each method; the lag. */
export function latencyPane(
  run: RunView,
  {width, height}: Area,
  theme: Theme,
  /** Scrolled, where it has the screen for itself. */
  maximized: MaximizedPane | null = null,
): string[] {
  const all = latencyRows(run)
  const room = innerRows(height) - HEADING_ROWS
  const first = maximized === null ? 0 : firstLine(maximized, {lines: all.length, rows: room})
  const rows = all.slice(first, first + room)
  const nameWidth = Math.max(NAME_WIDTH_LEAST, ...rows.map(({name}) => name.length + 1))
  const cell = Math.min(CELL_WIDTH_MOST, Math.floor((width - PANE_SIDES - nameWidth) / columns.length))
  const line = (name: string, cells: readonly string[]) =>
    padTo(name, nameWidth) + cells.map(text => padTo(text, cell, 'right')).join('')
  const lines: PaneLine[] = [
    [[line('', columns), 'dim']],
    ...rows.map(({name, latency, ops, errors}): PaneLine => {
      const counts = [ops, errors].map(count => (count === undefined ? '' : formatCount(count)))
      return [line(name, [...percentiles(latency), ...counts])]
    }),
  ]
  const corner = cornerSpans({all: all.length, first, shown: rows.length, isFull: maximized !== null})
  return pane({title: ['Latency ms, since the start'], corner, lines, width, height, theme})
}

function percentiles(latency: LatencySummary | undefined): string[] {
  if (latency === undefined) return columns.slice(0, 5).map(() => ABSENT)
  const {p50, p90, p99, p999, max} = latency
  return [p50, p90, p99, p999, max].map(formatMs)
}

/** How to come to the rows that have no room. */
function cornerSpans({
  all,
  first,
  shown,
  isFull,
}: {
  all: number
  first: number
  shown: number
  isFull: boolean
}): Span[] {
  if (shown >= all) return isFull ? [] : [['f alone', 'dim']]
  return isFull
    ? [[`rows ${first + 1} to ${first + shown} of ${all}: j k`, 'warn']]
    : [
        ['f', 'key'],
        [` shows ${all - shown} more ${all - shown === 1 ? 'row' : 'rows'}`, 'warn'],
      ]
}
