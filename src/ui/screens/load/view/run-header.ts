import type {RunSnapshot} from '../../../../engine/result/run-snapshot.js'
import {formatAddress} from '../../../../protocol/address.js'
import {ABSENT, formatCount, formatDuration, formatMs} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {clip, clipStart, type Span, wrapWords} from '../../../draw/text.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import type {NodeView} from '../../../node-view/node-view.js'
import {errorCount, meanRate} from '../../../run-view/run-figures.js'
import {notSaved, verdictMarks, verdictOrder, verdictTones} from '../../../run-view/verdict-lines.js'
import {type RunView, STOPPED_EARLY} from '../state/load-run.js'
import {alertLine, generatorDoubt} from './run-alert.js'

const PROGRESS_LINES = 3
const COMPARISON_LINES_MOST = 2
const REASON_LINES_MOST = 2
const SAVED_TO = 'saved to '
/** A load that ends so long before its plan did not come to its end. */
const EARLY_SECONDS = 0.1

export interface HeaderData {
  readonly run: RunView
  readonly isFrozen: boolean
  /** As it is now; undefined when it is not there any more. */
  readonly target: NodeView | undefined
}

/** How far a run is and how it goes; at its end, what came out and where it is kept. */
export function runHeader({run, isFrozen, target}: HeaderData, {width, height}: Area, theme: Theme): string[] {
  const [word, tone] = phaseWord(run)
  const isOver = run.phase === 'ended' || run.phase === 'failed'
  const alert = alertLine(run, target)
  const inner = width - PANE_SIDES
  return pane({
    title: [
      [`Run #${run.number} ${run.profile} `, 'strong'],
      [word, tone],
    ],
    corner: isFrozen ? [['frozen: p resumes', 'warn']] : targetSpans(run),
    lines: [...(alert === null ? [] : [alert]), ...(isOver ? endLines(run, inner) : progressLines(run, inner))],
    width,
    height,
    theme,
  })
}

/** Lines that it has to say at this width. */
export function runHeaderLines({run, target}: Pick<HeaderData, 'run' | 'target'>, width: number): number {
  const isOver = run.phase === 'ended' || run.phase === 'failed'
  const lines = isOver ? endLines(run, width - PANE_SIDES).length : PROGRESS_LINES
  return lines + (alertLine(run, target) === null ? 0 : 1)
}

export function phaseWord({phase, result, round, snapshot, error}: RunView): readonly [string, Tone] {
  const which = round === null ? '' : ` ${round.round} of ${round.of}`
  switch (phase) {
    case 'running':
      return [`${snapshot === null ? 'STARTING' : snapshot.phase.toUpperCase()}${which}`, 'accent']
    case 'stopping':
      return [`STOPPING${which}`, 'warn']
    case 'failed':
      return error === STOPPED_EARLY ? ['STOPPED', 'warn'] : ['FAILED', 'bad']
    case 'ended':
      return verdictWord(result?.verdict)
  }
}

function verdictWord(verdict: 'pass' | 'fail' | 'unknown' | undefined): readonly [string, Tone] {
  if (verdict === 'pass') return ['ENDED pass', 'ok']
  return verdict === 'fail' ? ['ENDED FAIL', 'bad'] : ['ENDED unknown', 'warn']
}

function targetSpans({target, both, pair, snapshot}: RunView): Span[] {
  if (both && pair !== null) return [`→ ${pair.join(' and ')}`]
  const address = snapshot === null ? '' : formatAddress(snapshot.target)
  // A server that runs already is called by its address.
  return [`→ ${address === '' || address === target ? target : `${target} ${address}`}`]
}

function progressLines({snapshot, wantedRate}: RunView, width: number): PaneLine[] {
  if (snapshot === null) return [[['connecting…', 'dim']]]
  const {elapsedSeconds, plannedSeconds, progress, operations, connections, ratePerSecond} = snapshot
  const time = `${formatDuration(elapsedSeconds)} / ${plannedSeconds === null ? ABSENT : formatDuration(plannedSeconds)}`
  const percent = `${Math.floor(progress * 100)} %`.padStart(5)
  const barWidth = Math.max(4, width - time.length - percent.length - 3)
  const filled = Math.round(Math.min(1, Math.max(0, progress)) * barWidth)
  const errors = errorCount(operations)
  return [
    [time, '  ', ['█'.repeat(filled), 'accent'], ['░'.repeat(barWidth - filled), 'dim'], ' ', percent],
    [
      ...paceSpans(ratePerSecond, wantedRate),
      ['   conns ', 'dim'],
      String(connections),
      ['   sent ', 'dim'],
      `${formatCount(operations.sent)} of ${formatCount(operations.intended)}`,
      ['   errors ', 'dim'],
      [formatCount(errors), errors > 0 ? 'bad' : 'plain'],
    ],
    healthSpans(snapshot),
  ]
}

function paceSpans(ratePerSecond: number | null, wantedRate: number | null): Span[] {
  if (ratePerSecond === null) return ['closed loop']
  const wanted: Span[] = wantedRate === null ? [] : [[` → ${formatRate(wantedRate)}`, 'accent']]
  return [`open loop ${formatRate(ratePerSecond)} op/s`, ...wanted]
}

/** Generator health: whether the figures are about the server, or about the load generator. */
function healthSpans(snapshot: RunSnapshot): Span[] {
  const {slipUs, eventLoopDelayUs, generatorCores} = snapshot
  const doubt = generatorDoubt(snapshot)
  return [
    doubt === null ? ['✓ generator keeps up', 'ok'] : [doubt, 'warn'],
    ['   cores ', 'dim'],
    generatorCores === null ? ABSENT : generatorCores.toFixed(2),
    ['   slip p99 ', 'dim'],
    `${formatMs(slipUs.p99)} ms`,
    ['   loop p99 ', 'dim'],
    `${formatMs(eventLoopDelayUs.p99)} ms`,
    ...(snapshot.health === 'saturated' ? [['   it sets the pace, not the server', 'warn'] as const] : []),
  ]
}

/** Result of a run, its comparison with the one before, and its file. */
export function endLines({result, error, snapshot}: RunView, width: number): PaneLine[] {
  if (error !== null) {
    const keys: PaneLine = [
      ['b', 'key'],
      ' tries again   ',
      ['e', 'key'],
      ' edits it   ',
      ['esc', 'key'],
      ' chooses another',
    ]
    return [
      ...wrapWords(error, width)
        .slice(0, 2)
        .map((text): PaneLine => [[text, 'bad']]),
      keys,
    ]
  }
  const saved = result?.savedAs ?? null
  return [
    ...(result?.repeated === undefined ? [] : [[clip(result.repeated, width)]]),
    snapshot === null
      ? [['nothing was measured', 'warn']]
      : reportLine(snapshot, result?.repeated === undefined ? '' : 'the last: '),
    ...reasonLines(result, width),
    ...assertionLines(result),
    saved === null
      ? [[notSaved(result?.saveProblem), 'warn']]
      : [[SAVED_TO, 'dim'], clipStart(saved, width - SAVED_TO.length)],
    ...wrapWords(result?.comparison ?? 'first run of this name: nothing to compare with', width)
      .slice(0, COMPARISON_LINES_MOST)
      .map((text): PaneLine => [[text, 'dim']]),
  ]
}

/** Assertions of a run and their outcome; those that failed come first, as the rest may be cut. */
function assertionLines(result: RunView['result']): PaneLine[] {
  const {assertions = []} = result ?? {}
  if (assertions.length === 0) return []
  const sorted = assertions.toSorted((a, b) => verdictOrder.indexOf(a.verdict) - verdictOrder.indexOf(b.verdict))
  return [
    sorted.flatMap(({expr, got, verdict}): Span[] => [
      [`${verdictMarks[verdict]} ${expr}`, verdictTones[verdict]],
      ` (${got})   `,
    ]),
  ]
}

/** Why a run is no pass, where neither its errors nor its conditions say so. */
function reasonLines(result: RunView['result'], width: number): PaneLine[] {
  const {reasons = []} = result ?? {}
  if (reasons.length === 0) return []
  return wrapWords(`✖ ${reasons.join(', ')}`, width)
    .slice(0, REASON_LINES_MOST)
    .map((text): PaneLine => [[text, 'bad']])
}

function reportLine(snapshot: RunSnapshot, which: string): PaneLine {
  const {operations, elapsedSeconds, plannedSeconds, response} = snapshot
  const answered = operations.ok + operations.miss
  const errors = errorCount(operations)
  const rate = meanRate(snapshot)
  const isEarly = plannedSeconds !== null && elapsedSeconds < plannedSeconds - EARLY_SECONDS
  const span = `${elapsedSeconds.toFixed(1)} ${isEarly ? `of ${plannedSeconds.toFixed(1)} ` : ''}s`
  return {
    left: [
      `${which}${answered.toLocaleString('en-US')} ops in ${span}  ${formatCount(rate)} op/s  `,
      `p50 ${formatMs(response.p50)} p99 ${formatMs(response.p99)} max ${formatMs(response.max)} ms`,
    ],
    right: [[` errors ${formatCount(errors)}`, errors > 0 ? 'bad' : 'plain']],
  }
}

// Kept, because toLocaleString() makes one at every call, and that takes as long as a chart.
const rateFormat = new Intl.NumberFormat('en-US', {maximumFractionDigits: 1})

/** In full: the operator sets it by hand. */
function formatRate(perSecond: number): string {
  return rateFormat.format(perSecond)
}
