import type {WindowSize} from '../../../draw/layout.js'
import {type Area, bodyArea} from '../../../draw/layout.js'

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
const BANNER_ROWS = 4
/** On a narrow screen the same words take more lines. */
const NARROW_BANNER_ROWS = 6
const NARROW_COLUMNS = 100

export function nodesLayout(size: WindowSize, nodeCount: number, hasBanner: boolean): NodesLayout {
  const {width, height} = bodyArea(size)
  const tableRows = Math.min(nodeCount, TABLE_ROWS_MOST, Math.max(1, height - EVENTS_ROWS_LEAST - 3))
  const belowTable = height - NODES_TITLE_ROWS - TABLE_HEADING_ROWS - tableRows
  const bannerRows = hasBanner ? bannerRowsIn({width, height, belowTable}) : 0
  const rest = belowTable - bannerRows
  const middleRows = rest - MIDDLE_ROWS >= EVENTS_ROWS_LEAST ? MIDDLE_ROWS : 0
  return {tableRows, bannerRows, middleRows, events: {width, height: rest - middleRows}}
}

function bannerRowsIn({width, height, belowTable}: {width: number; height: number; belowTable: number}): number {
  if (height < 20) return 1
  const most = width < NARROW_COLUMNS ? NARROW_BANNER_ROWS : BANNER_ROWS
  return Math.min(most, Math.max(BANNER_ROWS, belowTable - MIDDLE_ROWS - EVENTS_ROWS_LEAST))
}
