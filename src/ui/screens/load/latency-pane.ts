import type {LatencySummary, RunSnapshot} from '../../../engine/run-events.js'
import {ABSENT, formatCount, formatMs} from '../../draw/format.js'
import {PANE_SIDES, type PaneLine, pane} from '../../draw/pane.js'
import {padTo} from '../../draw/text.js'
import {type Area, innerRows} from '../../state/layout.js'
import type {RunView} from '../../state/load-state.js'
import type {Theme} from '../../theme.js'
import {errorCount} from './run-figures.js'

const columns = ['p50', 'p90', 'p99', 'p99.9', 'max', 'ops', 'err'] as const
const NAME_WIDTH_LEAST = 10
const CELL_WIDTH_MOST = 11

interface Row {
  readonly name: string
  readonly latency: LatencySummary | undefined
  readonly ops?: number
  readonly errors?: number
}

/** Percentiles since the start of the run: response from the intended start, service from the send; each method; the lag. */
export function latencyPane(run: RunView, {width, height}: Area, theme: Theme): string[] {
  const rows = latencyRows(run).slice(0, innerRows(height) - 1)
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
  return pane({title: ['Latency ms'], corner: [['since the start', 'dim']], lines, width, height, theme})
}

/** The most telling first: where there is little room the others fall away. */
export function latencyRows({snapshot, pair}: Pick<RunView, 'snapshot' | 'pair'>): readonly Row[] {
  const {byMethod = []} = snapshot ?? {}
  return [
    {name: 'response', latency: snapshot?.response, ...(snapshot === null ? {} : countsOf(snapshot))},
    {name: 'service', latency: snapshot?.service},
    ...lagRows(snapshot, pair),
    ...byMethod.flatMap(({method, response, service}): Row[] => [
      {name: `${method} response`, latency: response, ops: response.count},
      {name: `${method} service`, latency: service},
    ]),
  ]
}

/** Of a probe that did not cross there is no lag to tell: it counts as an error. */
function lagRows(snapshot: RunSnapshot | null, pair: RunView['pair']): Row[] {
  if (snapshot === null || snapshot.lag === null || pair === null) return []
  const [master, slave] = pair
  const {aToB, bToA} = snapshot.lag
  return [
    {name: `lag ${master}→${slave}`, latency: aToB.since, ops: aToB.since.count, errors: aToB.notCrossed},
    {name: `lag ${slave}→${master}`, latency: bToA.since, ops: bToA.since.count, errors: bToA.notCrossed},
  ]
}

function percentiles(latency: LatencySummary | undefined): string[] {
  if (latency === undefined) return columns.slice(0, 5).map(() => ABSENT)
  const {p50, p90, p99, p999, max} = latency
  return [p50, p90, p99, p999, max].map(formatMs)
}

function countsOf({operations}: RunSnapshot): Pick<Row, 'ops' | 'errors'> {
  return {ops: operations.ok + operations.miss, errors: errorCount(operations)}
}
