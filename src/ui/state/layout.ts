import type {WindowSize} from './ui-state.js'

/** Below this the screens say that there is no room. */
export const SMALLEST: WindowSize = {columns: 60, rows: 15}
/** From here panes stand side by side. */
export const SIDE_BY_SIDE_COLUMNS = 80

const HEADER_ROWS = 1
const FOOTER_ROWS = 1

/** A pane's size in cells. */
export interface Area {
  readonly width: number
  readonly height: number
}

export function isTooSmall({columns, rows}: WindowSize): boolean {
  return columns < SMALLEST.columns || rows < SMALLEST.rows
}

export function bodyArea({columns, rows}: WindowSize): Area {
  return {width: columns, height: Math.max(0, rows - HEADER_ROWS - FOOTER_ROWS)}
}

/** Two widths that share `width` without a remainder. */
export function halves(width: number): readonly [left: number, right: number] {
  const left = Math.ceil(width / 2)
  return [left, width - left]
}

export interface NodesLayout {
  readonly tableRows: number
  readonly bannerRows: number
  /** Height of topology and details; 0 where there is no room for them. */
  readonly middleRows: number
  readonly events: Area
}

const NODES_TITLE_ROWS = 1
const TABLE_HEADING_ROWS = 1
const TABLE_ROWS_MOST = 12
const MIDDLE_ROWS = 7
const EVENTS_ROWS_LEAST = 5

export function nodesLayout(size: WindowSize, nodeCount: number, hasBanner: boolean): NodesLayout {
  const {width, height} = bodyArea(size)
  const tableRows = Math.min(nodeCount, TABLE_ROWS_MOST, Math.max(1, height - EVENTS_ROWS_LEAST - 3))
  const bannerRows = hasBanner ? (height >= 20 ? 4 : 1) : 0
  const rest = height - NODES_TITLE_ROWS - TABLE_HEADING_ROWS - tableRows - bannerRows
  const middleRows = rest - MIDDLE_ROWS >= EVENTS_ROWS_LEAST ? MIDDLE_ROWS : 0
  return {tableRows, bannerRows, middleRows, events: {width, height: rest - middleRows}}
}

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

export interface ConsoleLayout {
  /** One pane a session, or one pane for the target alone. */
  readonly paneWidths: readonly number[]
  readonly paneHeight: number
  readonly inputRows: number
}

const INPUT_ROWS = 3

export function consoleLayout(size: WindowSize, sessionCount: number): ConsoleLayout {
  const {width, height} = bodyArea(size)
  const sideBySide = sessionCount > 1 && width >= SIDE_BY_SIDE_COLUMNS
  return {
    paneWidths: sideBySide ? halves(width) : [width],
    paneHeight: height - INPUT_ROWS,
    inputRows: INPUT_ROWS,
  }
}

/** Lines between a pane's borders. */
export function innerRows(height: number): number {
  return Math.max(0, height - 2)
}
