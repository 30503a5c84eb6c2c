import {type Area, bodyArea} from './layout.js'
import type {WindowSize} from './ui-state.js'

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
