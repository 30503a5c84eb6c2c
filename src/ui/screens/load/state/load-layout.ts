import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea, innerRows, SIDE_BY_SIDE_COLUMNS} from '../../../draw/layout.js'
import type {LoadPane} from './load-panes.js'

/** Sizes of the Load screen's panes, all in cells; 0 rows: there is no room for it. */
export interface LoadLayout {
  readonly headerRows: number
  /** Panes of charts, row by row. */
  readonly charts: readonly (readonly Area[])[]
  readonly sparkRows: number
  /** What happened: one line, or from three rows on a pane. */
  readonly markRows: number
  readonly latencyRows: number
}

/** Parts of a run that need room. */
export interface LoadNeeds {
  /** Charts that have something to show. */
  readonly charts: number
  /** Lines of the percentile table below its heading. */
  readonly latencyLines: number
  /** Lines that the header has to say. */
  readonly headerLines: number
}

/** Above and below a pane that has the screen for itself: what run it is; what happened last. */
const FULL_EDGE_ROWS = 2
const TABLE_HEADING_ROWS = 1

/** The area of a pane that has the screen for itself. */
export function fullPaneArea({width, height}: Area): Area {
  return {width, height: Math.max(0, height - FULL_EDGE_ROWS)}
}

/** How many of its lines it shows. */
export function fullPaneRows(body: Area, pane: LoadPane): number {
  return innerRows(fullPaneArea(body).height) - (pane === 'latency' ? TABLE_HEADING_ROWS : 0)
}

const PANE_BORDERS = 2
/** Where rows are few, the last line of the header goes. */
const HEADER_LINES_SPARED = 1
/** Response and service time of all calls. */
const LATENCY_LINES_LEAST = 2
const CHART_ROWS_LEAST = 6
const CHART_ROWS_TINY = 4
const CHART_ROWS_GOOD = 8
const SPARK_ROWS = 4
/** From here the header has all its lines. */
const SMALL_ROWS = 18
/** From here a second row of charts has room. */
const NORMAL_ROWS = 26
/** From here what happened has a pane. */
const LARGE_ROWS = 40
const MARK_ROWS_LARGE = 8
/** From here four charts stand side by side where they need not stand on each other. */
const WIDE_COLUMNS = 140

export function loadLayout(size: WindowSize, needs: LoadNeeds): LoadLayout {
  const {width, height} = bodyArea(size)
  const fewer = height < SMALL_ROWS ? HEADER_LINES_SPARED : 0
  const headerRows = needs.headerLines - fewer + PANE_BORDERS
  const markRows = height < SMALL_ROWS ? 0 : height < LARGE_ROWS ? 1 : MARK_ROWS_LARGE
  const tableRows = (lines: number) => lines + 1 + PANE_BORDERS
  const rest = height - headerRows - markRows
  // Where charts of two rows have no room, the others are to be lines at least.
  const chartRowsWanted = height < NORMAL_ROWS ? CHART_ROWS_LEAST + SPARK_ROWS : 2 * CHART_ROWS_LEAST
  const latencyRoom = rest - chartRowsWanted
  const latencyRows = Math.max(
    tableRows(LATENCY_LINES_LEAST),
    Math.min(tableRows(needs.latencyLines), latencyRoom, Math.ceil(height / 3)),
  )
  const left = rest - latencyRows
  const sparkRows = height < NORMAL_ROWS && left - SPARK_ROWS >= CHART_ROWS_LEAST ? SPARK_ROWS : 0
  return {
    headerRows,
    charts: chartAreas({width, height: left - sparkRows}, needs.charts),
    sparkRows,
    markRows,
    latencyRows,
  }
}

/** One to four panes that share a rectangle without a remainder. */
function chartAreas({width, height}: Area, wanted: number): readonly (readonly Area[])[] {
  const across = width >= WIDE_COLUMNS ? Math.min(wanted, 4) : width >= SIDE_BY_SIDE_COLUMNS ? Math.min(wanted, 2) : 1
  const most = Math.ceil(wanted / across)
  const least = across === 1 ? CHART_ROWS_TINY : CHART_ROWS_LEAST
  const rows = Math.max(1, Math.min(most, Math.floor(height / least)))
  // Where it is both wide and high, charts are easier to read broad.
  const stacked = across === 4 && height >= 2 * CHART_ROWS_GOOD ? {across: 2, rows: 2} : {across, rows}
  return split(height, stacked.rows).map(rowHeight =>
    split(width, stacked.across).map(columnWidth => ({width: columnWidth, height: rowHeight})),
  )
}

/** Whole parts that add up. */
function split(total: number, parts: number): number[] {
  return Array.from(
    {length: parts},
    (_, part) => Math.floor((total * (part + 1)) / parts) - Math.floor((total * part) / parts),
  )
}
