import type {RunResult, RunStep} from '../../../engine/result/run-result.js'
import {formatCount, formatMs, formatPercent, formatTable} from '../phrases/format.js'

/** Rows that are shown; the document has them all. */
const ROWS_MOST = 100

/** A row for each step of a load whose rate changes; none for a constant rate. */
export function describeSteps({steps}: Pick<RunResult, 'steps'>): string[] {
  if (steps.length === 0) return []
  const reads = steps.some(step => step.reads !== null)
  const left = steps.length - ROWS_MOST
  return [
    ...formatTable([
      ['steps', 'planned op/s', 'op/s', 'sent', 'failed', ...(reads ? ['hits'] : []), ...latencyHeads],
      ...steps.slice(0, ROWS_MOST).map(step => row(step, reads)),
    ]),
    ...(left > 0 ? [`  and ${left} more: --json has them`] : []),
    '',
  ]
}

const latencyHeads = ['p50 ms', 'p99', 'max', 'service p50', 'p99', 'max']

function row(
  {t, seconds, plannedPerSecond, opsPerSecond, operations, reads, latencyUs}: RunStep,
  withReads: boolean,
): string[] {
  const {from, to} = plannedPerSecond
  const {response, service} = latencyUs
  return [
    `  ${formatTime(t)}–${formatTime(t + seconds)} s`,
    from === to ? formatCount(from) : `${formatCount(from)}..${formatCount(to)}`,
    formatCount(opsPerSecond),
    formatCount(operations.sent),
    formatCount(operations.errors + operations.withoutReply),
    ...(withReads ? [reads === null ? '–' : formatPercent(reads.found, reads.keys)] : []),
    ...[response.p50, response.p99, response.max, service.p50, service.p99, service.max].map(formatMs),
  ]
}

function formatTime(seconds: number): string {
  return String(Number(seconds.toFixed(2)))
}
