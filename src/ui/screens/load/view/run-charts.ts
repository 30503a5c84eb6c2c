import type {RunSnapshot} from '../../../../engine/result/run-snapshot.js'
import {formatCount, formatMs, formatPercent} from '../../../draw/format.js'
import type {Tone} from '../../../draw/theme.js'
import {errorCount, meanRate} from '../../../run-view/run-figures.js'
import type {RunPoint} from '../../../run-view/run-points.js'
import {type ChartId, chartsShown} from '../state/load-panes.js'
import type {RunView} from '../state/load-run.js'

/** A line, or the dots beside it. */
interface Curve {
  /** Left out where the chart has one curve alone. */
  readonly name?: string
  readonly value: (point: RunPoint) => number | null
  readonly combine: 'mean' | 'max'
}

/** What a chart shows of a run. */
export interface RunChart {
  readonly title: string
  readonly tone: Tone
  readonly line: Curve
  readonly dots?: Curve
  readonly formatLabel: (value: number) => string
  /** There is nothing above it. */
  readonly most?: number
  /** Whether a logarithmic scale would say anything. */
  readonly mayBeLog: boolean
  /** In the pane's corner while the run goes on. */
  readonly now: (point: RunPoint, snapshot: RunSnapshot) => string
  /** In the pane's corner at the end. */
  readonly overall: (snapshot: RunSnapshot) => string
}

const throughput: RunChart = {
  title: 'Throughput op/s',
  tone: 'ok',
  line: {value: ({opsPerSecond}) => opsPerSecond, combine: 'mean'},
  formatLabel: formatCount,
  mayBeLog: true,
  now: ({opsPerSecond}, {ratePerSecond}) =>
    ratePerSecond === null
      ? formatCount(opsPerSecond)
      : `${formatCount(opsPerSecond)} of ${formatCount(ratePerSecond)}`,
  overall: snapshot => formatCount(meanRate(snapshot)),
}

const response: RunChart = {
  title: 'Response ms',
  tone: 'warn',
  line: {name: 'p99', value: ({p99Us}) => p99Us, combine: 'max'},
  dots: {name: 'p50', value: ({p50Us}) => p50Us, combine: 'mean'},
  formatLabel: formatMs,
  mayBeLog: true,
  now: ({p50Us, p99Us}) => `${formatMs(p99Us)} · ${formatMs(p50Us)}`,
  overall: ({response: {p50, p99}}) => `${formatMs(p99)} · ${formatMs(p50)}`,
}

function lag([master, slave]: readonly [string, string]): RunChart {
  return {
    title: 'Lag ms',
    tone: 'accent',
    line: {name: `${master}→${slave}`, value: ({lagToSlaveUs}) => lagToSlaveUs, combine: 'max'},
    dots: {name: `${slave}→${master}`, value: ({lagToMasterUs}) => lagToMasterUs, combine: 'max'},
    formatLabel: formatMs,
    mayBeLog: true,
    now: ({lagToSlaveUs, lagToMasterUs}) => `${formatMs(lagToSlaveUs)} · ${formatMs(lagToMasterUs)}`,
    // A short run has too few probes for a p99.
    overall: snapshot =>
      `max ${formatMs(snapshot.lag?.aToB.since.max ?? null)} · ${formatMs(snapshot.lag?.bToA.since.max ?? null)}`,
  }
}

const hitRatio: RunChart = {
  title: 'Hit ratio %',
  tone: 'ok',
  line: {value: ({hitShare}) => hitShare, combine: 'mean'},
  formatLabel: formatPercent,
  most: 1,
  mayBeLog: false,
  now: ({hitShare}) => formatPercent(hitShare),
  overall: ({operations: {hit, miss}}) => formatPercent(hit + miss === 0 ? null : hit / (hit + miss)),
}

const failures: RunChart = {
  title: 'Errors/s',
  tone: 'bad',
  line: {value: ({errors, seconds}) => errors / Math.max(0.001, seconds), combine: 'mean'},
  formatLabel: formatFewOrMany,
  mayBeLog: false,
  now: ({errors, seconds}) => formatCount(errors / Math.max(0.001, seconds)),
  overall: ({operations, elapsedSeconds}) => formatCount(errorCount(operations) / Math.max(0.001, elapsedSeconds)),
}

const connections: RunChart = {
  title: 'Connections',
  tone: 'accent',
  line: {value: point => point.connections, combine: 'mean'},
  formatLabel: formatCount,
  mayBeLog: false,
  now: point => formatCount(point.connections),
  overall: () => '',
}

/** A scale from 0 to 1 has a middle. */
function formatFewOrMany(value: number): string {
  return value < 10 && !Number.isInteger(value) ? value.toFixed(1) : formatCount(value)
}

/** What there is to show of a run, the most telling first. */
export function chartsOf(run: Pick<RunView, 'pair' | 'snapshot'>): readonly RunChart[] {
  return chartsShown(run).map(id => chartNamed(id, run))
}

export function chartNamed(id: ChartId, {pair}: Pick<RunView, 'pair'>): RunChart {
  switch (id) {
    case 'throughput':
      return throughput
    case 'response':
      return response
    case 'lag':
      return lag(pair ?? ['', ''])
    case 'hits':
      return hitRatio
    case 'failures':
      return failures
    case 'connections':
      return connections
  }
}

/** The figure that goes with a chart: of this moment, or at the end of all of the run. */
export function figureText(
  {phase, points, snapshot}: Pick<RunView, 'phase' | 'points' | 'snapshot'>,
  {now, overall}: RunChart,
): string {
  const last = points.at(-1)
  if (snapshot === null || last === undefined) return ''
  return phase === 'ended' ? overall(snapshot) : now(last, snapshot)
}
