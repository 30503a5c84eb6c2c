import type {LatencySummary} from '../../../engine/run-events.js'
import {ABSENT, formatCount, formatMs} from '../../draw/format.js'
import {type PaneLine, pane} from '../../draw/pane.js'
import {padTo} from '../../draw/text.js'
import type {Area} from '../../state/layout.js'
import type {RunView} from '../../state/load-state.js'
import type {Theme} from '../../theme.js'
import {errorCount} from './run-header.js'

const columns = ['p50', 'p90', 'p99', 'p99.9', 'max', 'ops', 'err'] as const
const NAME_WIDTH = 10
const CELL_WIDTH_MOST = 11

/** Percentiles since the start of the run: response from the intended start, service from the send. */
export function latencyPane(run: RunView, {width, height}: Area, theme: Theme): string[] {
  const cell = Math.min(CELL_WIDTH_MOST, Math.floor((width - 4 - NAME_WIDTH) / columns.length))
  const line = (name: string, cells: readonly string[]) =>
    padTo(name, NAME_WIDTH) + cells.map(text => padTo(text, cell, 'right')).join('')
  const {snapshot} = run
  const lines: PaneLine[] = [
    [[line('', columns), 'dim']],
    [line('response', [...percentiles(snapshot?.response), ...counts(snapshot)])],
    [line('service', percentiles(snapshot?.service))],
  ]
  return pane({title: ['Latency ms'], corner: [['since the start', 'dim']], lines, width, height, theme})
}

function percentiles(latency: LatencySummary | undefined): string[] {
  if (latency === undefined) return columns.slice(0, 5).map(() => ABSENT)
  const {p50, p90, p99, p999, max} = latency
  return [p50, p90, p99, p999, max].map(formatMs)
}

function counts(snapshot: RunView['snapshot']): string[] {
  if (snapshot === null) return [ABSENT, ABSENT]
  const {ok, miss} = snapshot.operations
  return [formatCount(ok + miss), formatCount(errorCount(snapshot.operations))]
}
