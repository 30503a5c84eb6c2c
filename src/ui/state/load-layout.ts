import {type Area, bodyArea} from './layout.js'
import type {WindowSize} from './ui-state.js'

export interface LoadLayout {
  readonly headerRows: number
  readonly charts: Area
  readonly sparkRows: number
  readonly latencyRows: number
}

const LOAD_HEADER_ROWS = 4
const LATENCY_ROWS = 5
const SPARK_ROWS = 4
const CHART_ROWS_LEAST = 6

export function loadLayout(size: WindowSize): LoadLayout {
  const {width, height} = bodyArea(size)
  const rest = height - LOAD_HEADER_ROWS - LATENCY_ROWS
  const sparkRows = rest - SPARK_ROWS >= CHART_ROWS_LEAST ? SPARK_ROWS : 0
  return {
    headerRows: LOAD_HEADER_ROWS,
    charts: {width, height: rest - sparkRows},
    sparkRows,
    latencyRows: LATENCY_ROWS,
  }
}
