import type {WindowSize} from '../../../draw/layout.js'
import {bodyArea} from '../../../draw/layout.js'

const CHART_ROWS_LEAST = 9
const CHART_ROWS_MOST = 18
const TEXT_ROWS_LEAST = 10

/** Rows of an opened report: its percentiles above, where there are some and there is room, and its text. */
export function reportLayout(
  size: WindowSize,
  hasCurves: boolean,
): {readonly width: number; readonly chartRows: number; readonly textRows: number} {
  const {width, height} = bodyArea(size)
  const wanted = Math.min(CHART_ROWS_MOST, Math.max(CHART_ROWS_LEAST, Math.floor(height / 3)))
  const chartRows = hasCurves && height - wanted >= TEXT_ROWS_LEAST ? wanted : 0
  return {width, chartRows, textRows: height - chartRows}
}
