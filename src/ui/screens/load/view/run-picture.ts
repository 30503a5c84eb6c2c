import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea} from '../../../draw/layout.js'
import type {Theme} from '../../../draw/theme.js'
import type {CanvasPart} from '../../../paint/canvas-part.js'
import {latencyRows} from '../state/latency-rows.js'
import {loadLayout} from '../state/load-layout.js'
import type {ChartView} from '../state/load-state.js'
import {chartPane} from './charts.js'
import {latencyPane} from './latency-pane.js'
import {marksPane} from './marks.js'
import {chartsOf} from './run-charts.js'
import {type HeaderData, runHeader, runHeaderLines} from './run-header.js'
import {sparkPane} from './spark-pane.js'

const CHARTS_MOST = 4

/** All of a run, as the parts of the whole screen from top to bottom. */
export function runPicture(
  data: HeaderData,
  view: ChartView,
  {size, theme}: {size: WindowSize; theme: Theme},
): readonly CanvasPart[] {
  const {run, target} = data
  const {width} = bodyArea(size)
  const definitions = chartsOf(run)
  const layout = loadLayout(size, {
    charts: Math.min(CHARTS_MOST, definitions.length),
    latencyLines: latencyRows(run).length,
    headerLines: runHeaderLines({run, target}, width),
  })
  const rowOfCharts = (areas: readonly Area[], from: number) => {
    const shown = definitions.slice(from, from + areas.length)
    return sideBySide(shown.map((definition, index) => chartPane(run, {definition, view}, areas[index]!, theme)))
  }
  let charted = 0
  const charts = layout.charts.map(areas => {
    const from = charted
    charted += areas.length
    return () => rowOfCharts(areas, from)
  })
  const rest = definitions.slice(charted)
  return [
    runHeader(data, {width, height: layout.headerRows}, theme),
    ...charts,
    () => [
      ...(layout.sparkRows === 0
        ? []
        : sparkPane(run, {definitions: rest, view}, {width, height: layout.sparkRows}, theme)),
      ...marksPane(run, view, {width, height: layout.markRows}, theme),
      ...latencyPane(run, {width, height: layout.latencyRows}, theme),
    ],
  ]
}

function sideBySide(panes: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = panes
  return first.map((line, row) => others.reduce((sum, pane) => sum + (pane[row] ?? ''), line))
}
