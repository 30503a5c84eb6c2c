import {ABSENT, formatClock, formatCount, formatDuration, formatSize} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {type PaneLine, pane} from '../../../draw/pane.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import {isSilent, type NodeView} from '../../../node-view/node-view.js'

/** The selected node more closely. */
export function detailsPane(
  {node, nowMs, tone}: {node: NodeView | undefined; nowMs: number; tone: Tone},
  {width, height}: Area,
  theme: Theme,
): string[] {
  const lines = node === undefined ? [] : [...linesOf(node, nowMs), ...command(node)]
  return pane({
    title: node === undefined ? [] : [[node.name, 'strong'], node.name === node.address ? '' : ` ${node.address}`],
    lines,
    tone,
    width,
    height,
    theme,
  })
}

function linesOf(node: NodeView, nowMs: number): PaneLine[] {
  if (isGone(node)) return goneLines(node)
  if (node.status.state === 'paused') return frozenLines(node)
  return isSilent(node) ? silentLines(node) : aliveLines(node, nowMs)
}

function frozenLines({status: {pid}}: NodeView): PaneLine[] {
  return [
    [['FROZEN', 'warn'], [' (SIGSTOP)  pid ', 'dim'], String(pid ?? ABSENT)],
    [['connected, but does not answer', 'dim']],
    [],
    [['z', 'key'], ' thaws it'],
  ]
}

function silentLines({status: {pid}}: NodeView): PaneLine[] {
  return [
    [['SILENT', 'bad'], ['  pid ', 'dim'], String(pid ?? ABSENT), [', no answer', 'dim']],
    [['overloaded, hung or stopped?', 'dim']],
    [],
    pid === null ? [['L', 'key'], ' its log'] : [['L', 'key'], ` its log   $ kill -CONT ${pid}`],
  ]
}

function isGone({status: {state}}: NodeView): boolean {
  return state === 'dead' || state === 'stopped'
}

function goneLines({status: {state, exit}, backend}: NodeView): PaneLine[] {
  if (backend === null)
    return [[['does not answer', 'bad']], [['e', 'key'], ' explains; it is asked again every second']]
  if (exit === null) return [['not started'], [], [], [['r', 'key'], ' starts it']]
  const cause = exit.signal === null ? `exit code ${exit.code}` : exit.signal
  return [
    [
      [state === 'dead' ? 'DEAD' : 'stopped', state === 'dead' ? 'bad' : 'warn'],
      ` since ${formatClock(exit.atMs)} (${cause})`,
    ],
    [['its data in memory is gone', 'dim']],
    [],
    [['r', 'key'], ' starts it again as it was'],
  ]
}

function aliveLines({status, poll, backend}: NodeView, nowMs: number): PaneLine[] {
  const {latest, rates} = poll
  const up = status.startedAtMs === null ? ABSENT : formatDuration((nowMs - status.startedAtMs) / 1000)
  const perSecond = (value: number | null | undefined) => (value == null ? ABSENT : `${formatSize(value)}/s`)
  const roundTrip = latest === null ? ABSENT : `${latest.roundTripMs.toFixed(1)} ms`
  return [
    [['pid ', 'dim'], String(status.pid ?? ABSENT), ['  up ', 'dim'], up, ['  ', 'dim'], backend ?? 'attached'],
    [
      ['conns ', 'dim'],
      formatCount(latest?.figures.currConnections ?? null),
      ['  answers stats in ', 'dim'],
      roundTrip,
    ],
    [
      ['queue free ', 'dim'],
      exactCount(latest?.figures.queueFree ?? null),
      ['  evicted/s ', 'dim'],
      formatCount(rates?.evictions ?? null),
    ],
    [['read ', 'dim'], perSecond(rates?.bytesRead), ['  written ', 'dim'], perSecond(rates?.bytesWritten)],
  ]
}

function command({commandLine}: NodeView): PaneLine[] {
  if (commandLine === '') return []
  // The program's directory says little and pushes the arguments out of sight.
  return [
    [
      ['$ ', 'dim'],
      [commandLine.replaceAll(/(^|\s)\S*\/(?=[^/\s]+(\s|$))/g, '$1'), 'dim'],
    ],
  ]
}

/** Every unit of a queue counts when it runs low. */
function exactCount(value: number | null): string {
  return value === null ? ABSENT : value.toLocaleString('en-US')
}
