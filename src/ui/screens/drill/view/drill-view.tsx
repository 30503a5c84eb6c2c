import {useMemo} from 'react'
import {Canvas} from '../../../core/canvas.js'
import {useTheme, useUi} from '../../../core/context.js'
import type {WindowSize} from '../../../draw/layout.js'
import {bodyArea, halves, SIDE_BY_SIDE_COLUMNS} from '../../../draw/layout.js'
import type {Theme} from '../../../draw/theme.js'
import {pagePane} from '../../../overlays/page-pane.js'
import type {UiDrillResult} from '../../../ports/drill-port.js'
import {notSaved} from '../../../run-view/verdict-lines.js'
import {drillLayout} from '../state/drill-layout.js'
import type {DrillRunView} from '../state/drill-state.js'
import {drillChart} from './drill-chart.js'
import {type DrillListData, drillList} from './drill-list.js'
import {figuresPane} from './figures-pane.js'
import {historyPane} from './history-pane.js'
import {stepsPane} from './steps-pane.js'
import {verdictBanner} from './verdict-banner.js'

export function DrillScreenView({size}: {size: WindowSize}) {
  const theme = useTheme()
  const drill = useUi(state => state.drill)
  const session = useUi(state => state.session)
  // Only the list says on which pair; otherwise nodes that are looked at would draw everything anew.
  const pairs = useUi(state => (state.drill.view === 'list' ? state.pairs : nothing))
  const nodes = useUi(state => (state.drill.view === 'list' ? state.nodes : nothing))
  const lines = useMemo(
    () => drillLines({drill, pairs, nodes, session}, size, theme),
    [drill, pairs, nodes, session, size, theme],
  )
  return <Canvas lines={lines} {...bodyArea(size)} />
}

const nothing: readonly never[] = []

function drillLines(data: DrillListData, size: WindowSize, theme: Theme): string[] {
  const {drill} = data
  const area = bodyArea(size)
  const {view, run, page} = drill
  if (page !== null) return pagePane(page, area, theme)
  if (view === 'history') return historyPane(drill, area, theme)
  if (view === 'list' || run === null) return drillList(data, area, theme)
  return run.result === null ? runningLines(run, size, theme) : endedLines(run, run.result, size, theme)
}

function runningLines(run: DrillRunView, size: WindowSize, theme: Theme): string[] {
  const {width} = bodyArea(size)
  const {stepRows, chartRows} = drillLayout(size, run)
  const chart = drillChart(run, {width, height: chartRows}, theme)
  if (width < SIDE_BY_SIDE_COLUMNS) return [...stepsPane(run, {width, height: stepRows}, theme), ...chart]
  const [left, right] = stepWidths(width)
  const steps = stepsPane(run, {width: left, height: stepRows}, theme)
  const figures = figuresPane(run, {width: right, height: stepRows}, theme)
  return [...steps.map((line, row) => line + figures[row]), ...chart]
}

/** Steps are sentences, figures are short. */
function stepWidths(width: number): readonly [steps: number, figures: number] {
  const figures = Math.min(halves(width)[1], FIGURES_WIDTH)
  return [width - figures, figures]
}

const FIGURES_WIDTH = 32

function endedLines(run: DrillRunView, result: UiDrillResult, size: WindowSize, theme: Theme): string[] {
  const {width} = bodyArea(size)
  const {bannerRows, chartRows, reportRows} = drillLayout(size, run)
  const {page} = run
  const {savedAs, saveProblem} = result
  const saved =
    savedAs === null ? ([notSaved(saveProblem), 'warn'] as const) : ([`saved to ${savedAs}`, 'dim'] as const)
  return [
    ...verdictBanner(run, result, {width, height: bannerRows}, theme),
    ...(chartRows === 0 ? [] : drillChart(run, {width, height: chartRows}, theme)),
    ...(page === null ? [] : pagePane(page, {width, height: reportRows}, theme, [saved])),
  ]
}
