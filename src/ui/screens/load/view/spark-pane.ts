import {type Area, halves, innerRows} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import {sparkline} from '../../../draw/sparkline.js'
import {padTo, type Span} from '../../../draw/text.js'
import type {Theme} from '../../../draw/theme.js'
import {runSeries} from '../../../run-view/run-series.js'
import type {RunView} from '../state/load-run.js'
import type {ChartView} from '../state/load-state.js'
import {figureText, type RunChart} from './run-charts.js'

const LABEL_WIDTH = 12
const VALUE_WIDTH = 12

/** Charts that have no room, each as one line: two side by side. */
export function sparkPane(
  run: RunView,
  {definitions, view}: {definitions: readonly RunChart[]; view: ChartView},
  {width, height}: Area,
  theme: Theme,
): string[] {
  const [left, right] = halves(width - PANE_SIDES - 2)
  const lines = Array.from({length: innerRows(height)}, (_, row): PaneLine => {
    const [first, second] = definitions.slice(2 * row, 2 * row + 2)
    return [
      ...sparkSpans(run, {definition: first, view}, left),
      '  ',
      ...sparkSpans(run, {definition: second, view}, right),
    ]
  })
  return pane({title: ['Also'], lines, width, height, theme})
}

function sparkSpans(
  run: RunView,
  {definition, view}: {definition: RunChart | undefined; view: ChartView},
  width: number,
): Span[] {
  if (definition === undefined) return [' '.repeat(width)]
  const {title, tone, line} = definition
  const columns = Math.max(1, width - LABEL_WIDTH - VALUE_WIDTH - 1)
  const values = runSeries({run: {...run, windowSeconds: view.windowSeconds}, columns, ...line})
  const text = figureText(run, definition)
  return [
    [padTo(title, LABEL_WIDTH), 'dim'],
    padTo(text, VALUE_WIDTH, 'right'),
    ' ',
    // The largest value of a flat line is its own: one that is 0 throughout must stay at the bottom.
    [padTo(sparkline(values, values.length, 0.001), columns), tone],
  ]
}
