import {ABSENT, formatBytes, formatCount, formatPercent} from '../../../draw/format.js'
import {sparkline} from '../../../draw/sparkline.js'
import {padTo} from '../../../draw/text.js'
import type {Tone} from '../../../draw/theme.js'
import {hitShare, isSilent, type NodeView} from '../../../node-view/node-view.js'

/** Cells that ink-table puts around each cell's text. */
const CELL_PADDING = 2
const TREND_LEAST = 6
const TREND_MOST = 60

interface NodeColumn {
  readonly heading: string
  readonly width: number
  readonly align: 'left' | 'right'
  /** Columns with a high rank go first when the screen is narrow. */
  readonly rank: number
  readonly text: (node: NodeView, selected: boolean) => string
}

const NAME_WIDTH_MOST = 21

const columns: readonly NodeColumn[] = [
  {heading: 'NODE', width: 6, align: 'left', rank: 0, text: ({name}, selected) => `${selected ? '>' : ' '} ${name}`},
  {heading: 'BACKEND', width: 9, align: 'left', rank: 9, text: ({backend}) => backend ?? 'attached'},
  {heading: 'ADDRESS', width: 15, align: 'left', rank: 2, text: ({address}) => address},
  {heading: 'STATE', width: 8, align: 'left', rank: 0, text: stateText},
  {heading: 'LINK', width: 13, align: 'left', rank: 1, text: linkText},
  {
    heading: 'OP/S',
    width: 5,
    align: 'right',
    rank: 3,
    text: ({poll}) => formatCount(poll.rates?.operations ?? null),
  },
  {heading: 'HIT %', width: 5, align: 'right', rank: 5, text: ({poll}) => formatPercent(hitShare(poll))},
  {
    heading: 'ITEMS',
    width: 5,
    align: 'right',
    rank: 4,
    text: ({poll}) => formatCount(poll.latest?.figures.items ?? null),
  },
  {
    heading: 'MEM',
    width: 5,
    align: 'right',
    rank: 8,
    text: ({poll}) => formatBytes(poll.latest?.figures.memoryBytes ?? null),
  },
]
const TREND_RANK = 7

/** The table's rows: heading → cell text, every cell of its column's width. */
export type NodeRow = Record<string, string>

export function nodeRows(nodes: readonly NodeView[], selected: string | undefined, width: number): NodeRow[] {
  // A running server is named by its address.
  const nameWidth = Math.min(NAME_WIDTH_MOST, Math.max(6, ...nodes.map(({name}) => name.length + 2)))
  const {shown, trendWidth} = chooseColumns(width, nameWidth)
  return nodes.map(node => {
    const cells = shown.map(({heading, width: cells, align, text}) => [
      padTo(heading, cells, align),
      padTo(text(node, node.name === selected), cells, align),
    ])
    if (trendWidth > 0) cells.push([padTo(`OP/S ${trendWidth}s`, trendWidth), trend(node, trendWidth)])
    return Object.fromEntries(cells)
  })
}

function chooseColumns(width: number, nameWidth: number): {shown: readonly NodeColumn[]; trendWidth: number} {
  const sized = columns.map(column => (column.heading === 'NODE' ? {...column, width: nameWidth} : column))
  const ranks = [...columns.map(({rank}) => rank), TREND_RANK].sort((a, b) => b - a)
  for (const limit of ranks) {
    const shown = sized.filter(({rank}) => rank <= limit)
    const rest = width - shown.reduce((sum, column) => sum + column.width + CELL_PADDING, 0)
    if (limit < TREND_RANK && rest >= 0) return {shown, trendWidth: 0}
    if (rest - CELL_PADDING >= TREND_LEAST) return {shown, trendWidth: Math.min(TREND_MOST, rest - CELL_PADDING)}
  }
  return {shown: sized.filter(({rank}) => rank === 0), trendWidth: 0}
}

function trend({poll}: NodeView, width: number): string {
  return sparkline(
    poll.history.map(rates => rates?.operations ?? null),
    width,
  )
}

function stateText(node: NodeView): string {
  switch (node.status.state) {
    case 'dead':
      return 'DEAD'
    case 'paused':
      return 'FROZEN'
    case 'up':
      return isSilent(node) ? 'SILENT' : 'up'
    default:
      return node.status.state
  }
}

function linkText({status: {state, link, role}}: NodeView): string {
  if (state !== 'up' && state !== 'paused') return ABSENT
  switch (link) {
    case 'none':
      return ABSENT
    case 'paired':
      return role === 'none' ? 'paired' : `paired ${role}`
    case 'orphaned':
      return 'ORPHANED'
    default:
      return link
  }
}

const cellTones: Readonly<Record<string, Tone>> = {
  up: 'ok',
  starting: 'warn',
  stopping: 'warn',
  stopped: 'dim',
  DEAD: 'bad',
  SILENT: 'bad',
  FROZEN: 'warn',
  paired: 'ok',
  'paired master': 'ok',
  'paired slave': 'ok',
  listening: 'warn',
  dialling: 'warn',
  syncing: 'warn',
  unknown: 'warn',
  ORPHANED: 'bad',
}

/** ink-table gives a cell nothing but its text, so the words carry their tone. */
export function cellTone(text: string): Tone {
  const word = text.trim()
  if (word.startsWith('>')) return 'selected'
  return cellTones[word] ?? 'plain'
}
