import type {WindowSize} from '../../../core/ui-state.js'
import {bodyArea} from '../../../draw/layout.js'
import type {Theme} from '../../../draw/theme.js'
import {latencyRows} from '../state/latency-rows.js'
import {loadLayout} from '../state/load-layout.js'
import {type ChartView, chartPane} from './charts.js'
import {latencyPane} from './latency-pane.js'
import {marksPane} from './marks.js'
import {chartsOf} from './run-charts.js'
import {type HeaderData, runHeader, runHeaderLines} from './run-header.js'
import {sparkPane} from './spark-pane.js'

const CHARTS_MOST = 4

/**
 * All of a run, as the lines of the whole screen.
 * @param beforePart called before each pane that takes long
 */
export function runPicture(
  data: HeaderData,
  view: ChartView,
  {size, theme, beforePart = () => {}}: {size: WindowSize; theme: Theme; beforePart?: () => void},
): string[] {
  const {run, target} = data
  const {width} = bodyArea(size)
  const definitions = chartsOf(run)
  const layout = loadLayout(size, {
    charts: Math.min(CHARTS_MOST, definitions.length),
    latencyLines: latencyRows(run).length,
    headerLines: runHeaderLines({run, target}, width),
  })
  let shown = 0
  const charts = layout.charts.flatMap(areas => {
    const panes = areas.map(area => {
      const definition = definitions[shown++]
      if (definition === undefined) return null
      beforePart()
      return chartPane(run, {definition, view}, area, theme)
    })
    return sideBySide(panes.filter(pane => pane !== null))
  })
  const rest = definitions.slice(shown)
  beforePart()
  return [
    ...runHeader(data, {width, height: layout.headerRows}, theme),
    ...charts,
    ...(layout.sparkRows === 0
      ? []
      : sparkPane(run, {definitions: rest, view}, {width, height: layout.sparkRows}, theme)),
    ...marksPane(run, view, {width, height: layout.markRows}, theme),
    ...latencyPane(run, {width, height: layout.latencyRows}, theme),
  ]
}

function sideBySide(panes: readonly (readonly string[])[]): string[] {
  const [first = [], ...others] = panes
  return first.map((line, row) => others.reduce((sum, pane) => sum + (pane[row] ?? ''), line))
}
