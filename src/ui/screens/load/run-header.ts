import type {OperationCounts, RunSnapshot} from '../../../engine/run-events.js'
import {formatAddress} from '../../../protocol/address.js'
import {ABSENT, formatCount, formatDuration, formatMs} from '../../draw/format.js'
import {type PaneLine, pane} from '../../draw/pane.js'
import type {Span} from '../../draw/text.js'
import type {Area} from '../../state/layout.js'
import type {RunView} from '../../state/load-state.js'
import type {Theme, Tone} from '../../theme.js'

/** How far a run is and how it goes; at its end, what came out and where it is kept. */
export function runHeader({run, held}: {run: RunView; held: boolean}, {width, height}: Area, theme: Theme): string[] {
  const [word, tone] = phaseWord(run)
  return pane({
    title: [
      [`Run #${run.number} ${run.profile} `, 'strong'],
      [word, tone],
    ],
    corner: held ? [['picture held, p lets it go', 'warn']] : targetSpans(run),
    lines: run.phase === 'ended' || run.phase === 'failed' ? endLines(run) : progressLines(run, width),
    width,
    height,
    theme,
  })
}

function phaseWord({phase, result, snapshot}: RunView): readonly [string, Tone] {
  switch (phase) {
    case 'running':
      return [snapshot === null ? 'STARTING' : snapshot.phase.toUpperCase(), 'accent']
    case 'stopping':
      return ['STOPPING', 'warn']
    case 'failed':
      return ['FAILED', 'bad']
    case 'ended':
      return verdictWord(result?.verdict)
  }
}

function verdictWord(verdict: 'pass' | 'fail' | 'unknown' | undefined): readonly [string, Tone] {
  if (verdict === 'pass') return ['ENDED pass', 'ok']
  return verdict === 'fail' ? ['ENDED FAIL', 'bad'] : ['ENDED unknown', 'warn']
}

function targetSpans({target, snapshot}: RunView): Span[] {
  return snapshot === null ? [`→ ${target}`] : [`→ ${target} ${formatAddress(snapshot.target)}`]
}

function progressLines({snapshot}: RunView, width: number): PaneLine[] {
  if (snapshot === null) return [[['connecting…', 'dim']]]
  const {elapsedSeconds, plannedSeconds, progress, operations, connections, slipUs, generatorCores} = snapshot
  const time = `${formatDuration(elapsedSeconds)} / ${plannedSeconds === null ? ABSENT : formatDuration(plannedSeconds)}`
  const percent = `${Math.floor(progress * 100)} %`.padStart(5)
  const barWidth = Math.max(4, width - 4 - time.length - percent.length - 3)
  const filled = Math.round(Math.min(1, Math.max(0, progress)) * barWidth)
  const errors = errorCount(operations)
  const generator = generatorCores === null ? ABSENT : `${Math.round(generatorCores * 100)} %`
  return [
    [time, '  ', ['█'.repeat(filled), 'accent'], ['░'.repeat(barWidth - filled), 'dim'], ' ', percent],
    [
      ['conns ', 'dim'],
      String(connections),
      ['   sent ', 'dim'],
      `${formatCount(operations.sent)}/${formatCount(operations.intended)}`,
      ['   errors ', 'dim'],
      [formatCount(errors), errors > 0 ? 'bad' : 'plain'],
      ['   slip p99 ', 'dim'],
      `${formatMs(slipUs.p99)} ms`,
      ['   generator ', 'dim'],
      generator,
    ],
  ]
}

/** What came of a run, and where it is kept. */
export function endLines({result, error, snapshot}: RunView): PaneLine[] {
  if (error !== null) return [[[error, 'bad']], [['b', 'key'], ' tries again   ', ['esc', 'key'], ' chooses another']]
  const saved = result?.savedAs ?? null
  return [
    snapshot === null ? [['nothing was measured', 'warn']] : reportLine(snapshot),
    saved === null ? [['not saved', 'warn']] : [['saved as ', 'dim'], saved],
  ]
}

/** Operations answered per second since the start; null before any time passed. */
export function meanRate({operations, elapsedSeconds}: RunSnapshot): number | null {
  return elapsedSeconds > 0 ? (operations.ok + operations.miss) / elapsedSeconds : null
}

function reportLine(snapshot: RunSnapshot): PaneLine {
  const {operations, elapsedSeconds, response} = snapshot
  const answered = operations.ok + operations.miss
  const errors = errorCount(operations)
  const rate = meanRate(snapshot)
  return [
    `${answered.toLocaleString('en-US')} ops in ${elapsedSeconds.toFixed(1)} s   ${formatCount(rate)} op/s   `,
    `p50 ${formatMs(response.p50)}  p99 ${formatMs(response.p99)}  max ${formatMs(response.max)} ms   `,
    [`errors ${formatCount(errors)}`, errors > 0 ? 'bad' : 'plain'],
  ]
}

/** Operations that got no proper answer, whatever the reason. */
export function errorCount({errors, timedOut, lostWithConnection}: OperationCounts): number {
  return Object.values(errors).reduce((sum, count) => sum + count, 0) + timedOut + lostWithConnection
}
