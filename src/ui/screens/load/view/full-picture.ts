import {ABSENT, formatCount, formatDuration} from '../../../draw/format.js'
import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea} from '../../../draw/layout.js'
import {paintBoth, type Span} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import {errorCount} from '../../../run-view/run-figures.js'
import {fullPaneArea} from '../state/load-layout.js'
import {type MaximizedPane, panesOf} from '../state/load-panes.js'
import type {RunView} from '../state/load-run.js'
import type {ChartView} from '../state/load-state.js'
import {chartPane} from './charts.js'
import {latencyPane} from './latency-pane.js'
import {allMarksPane, marksPane} from './marks.js'
import {alertLine} from './run-alert.js'
import {chartNamed} from './run-charts.js'
import {type HeaderData, phaseWord} from './run-header.js'

interface FullData extends HeaderData {
  readonly maximized: MaximizedPane
}

/** One pane of a run with the screen for itself: above it what run that is, below it what happened last. */
export function fullPicture(data: FullData, view: ChartView, size: WindowSize, theme: Theme): string[] {
  const body = bodyArea(size)
  const {width} = body
  const {run} = data
  return [
    titleLine(data, width, theme),
    ...paneLines(data, view, fullPaneArea(body), theme),
    ...marksPane(run, view, {width, height: 1}, theme),
  ]
}

function paneLines({run, maximized}: FullData, view: ChartView, area: Area, theme: Theme): string[] {
  switch (maximized.pane) {
    case 'latency':
      return latencyPane(run, area, theme, maximized)
    case 'marks':
      return allMarksPane(run, maximized, area, theme)
    default:
      return chartPane(run, {definition: chartNamed(maximized.pane, run), view}, area, theme)
  }
}

/** Problems first, then progress. */
function titleLine({run, isFrozen, target, maximized}: FullData, width: number, theme: Theme): string {
  const [word, tone] = phaseWord(run)
  const panes = panesOf(run)
  const alert = alertLine(run, target)
  const state: readonly Span[] = alert === null || !Array.isArray(alert) ? progressSpans(run) : alert
  return paintBoth(
    {
      left: [' ', [`Run #${run.number} ${run.profile} `, 'strong'], [word, tone], '  ', ...state],
      right: [
        ...(isFrozen ? [['  frozen: p resumes', 'warn'] as const] : []),
        [`  pane ${panes.indexOf(maximized.pane) + 1} of ${panes.length} `, 'dim'],
      ],
    },
    width,
    theme,
  )
}

function progressSpans({snapshot}: RunView): Span[] {
  if (snapshot === null) return []
  const {elapsedSeconds, plannedSeconds, operations} = snapshot
  const planned = plannedSeconds === null ? ABSENT : formatDuration(plannedSeconds)
  const errors = errorCount(operations)
  return [
    `${formatDuration(elapsedSeconds)} / ${planned}  `,
    ['sent ', 'dim'],
    `${formatCount(operations.sent)}  `,
    ['errors ', 'dim'],
    [formatCount(errors), errors > 0 ? 'bad' : 'plain'],
  ]
}
