import {ABSENT, formatClock, formatCount, formatDuration, formatPercent, formatSize} from '../../../draw/format.js'
import {hitShare, type NodeView} from '../../../node-view/node-view.js'

/** Everything that is known of a node, as labels and values. */
export function nodeText(node: NodeView, nowMs: number): readonly (readonly [label: string, value: string])[] {
  const {name, backend, address, status, poll, commandLine, logFile} = node
  const {latest, rates} = poll
  const exact = (value: number | null | undefined) => (value == null ? ABSENT : value.toLocaleString('en-US'))
  const perSecond = (value: number | null | undefined, format: (each: number | null) => string) =>
    value == null ? ABSENT : `${format(value)}/s`
  return [
    ['node', `${name}  ${address}  ${backend ?? 'attached: started by somebody else'}`],
    ['process', processText(node, nowMs)],
    [
      'link',
      status.link === 'none'
        ? 'does not replicate'
        : `${status.link}${status.role === 'none' ? '' : ` (${status.role})`}, by its log`,
    ],
    ['answers', latest === null ? 'no' : `stats in ${latest.roundTripMs.toFixed(1)} ms`],
    ['connections', exact(latest?.figures.currConnections)],
    ['items', `${exact(latest?.figures.items)}  in ${formatSize(latest?.figures.memoryBytes ?? null)}`],
    [
      'operations',
      `${perSecond(rates?.operations, formatCount)}  gets ${perSecond(rates?.gets, formatCount)}  hits ${formatPercent(hitShare(poll))} %`,
    ],
    [
      'traffic',
      `read ${perSecond(rates?.bytesRead, formatSize)}  written ${perSecond(rates?.bytesWritten, formatSize)}`,
    ],
    ['evictions', `${exact(latest?.figures.counters.evictions)}  now ${perSecond(rates?.evictions, formatCount)}`],
    ['queue free', `${exact(latest?.figures.queueFree)}  at its lowest since the start`],
    ['log file', logFile ?? ABSENT],
    ['command', commandLine === '' ? ABSENT : commandLine],
  ]
}

function processText({status: {state, pid, startedAtMs, exit}}: NodeView, nowMs: number): string {
  if (exit !== null && (state === 'dead' || state === 'stopped')) {
    return `${state} since ${formatClock(exit.atMs)}, ${exit.signal ?? `exit code ${exit.code}`}`
  }
  const up = startedAtMs === null ? '' : `, up ${formatDuration((nowMs - startedAtMs) / 1000)}`
  return `${state}${pid === null ? '' : `, pid ${pid}`}${up}`
}
