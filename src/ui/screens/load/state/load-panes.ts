import type {RunView} from './load-run.js'

/** Charts of a run, the most telling first. */
const chartIds = ['throughput', 'response', 'lag', 'hits', 'failures', 'connections'] as const
export type ChartId = (typeof chartIds)[number]

/** Panes of a run that can be maximized. */
export type LoadPane = 'latency' | ChartId | 'marks'

/** The pane that has the screen for itself, and its first line shown; infinite: it stays at the end. */
export interface MaximizedPane {
  readonly pane: LoadPane
  readonly from: number
}

type Run = Pick<RunView, 'pair' | 'snapshot'>

/** The charts that have something to show. */
export function chartsShown({pair, snapshot}: Run): readonly ChartId[] {
  const probed = pair !== null && snapshot !== null && snapshot.lag !== null
  const reads = snapshot !== null && snapshot.operations.hit + snapshot.operations.miss > 0
  return chartIds.filter(id => (id !== 'lag' || probed) && (id !== 'hits' || reads))
}

/** The table first: it is what the other screens have the least room for. */
export function panesOf(run: Run): readonly LoadPane[] {
  return ['latency', ...chartsShown(run), 'marks']
}

export function openPane(pane: LoadPane): MaximizedPane {
  return {pane, from: pane === 'marks' ? Number.POSITIVE_INFINITY : 0}
}

/** The next or the one before; behind the last one all of them together. */
export function neighbourPane(run: Run, maximized: MaximizedPane | null, by: 1 | -1): MaximizedPane | null {
  const panes: readonly (LoadPane | null)[] = [null, ...panesOf(run)]
  // A chart may have gone with the snapshot that it was made of.
  const at = Math.max(0, panes.indexOf(maximized?.pane ?? null))
  const next = panes[(at + by + panes.length) % panes.length] ?? null
  return next === null ? null : openPane(next)
}

/** Index of the first line shown, of so many in so many rows. */
export function firstLine({from}: MaximizedPane, {lines, rows}: {lines: number; rows: number}): number {
  return Math.max(0, Math.min(from, lines - rows))
}
