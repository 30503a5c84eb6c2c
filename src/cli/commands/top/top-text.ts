import {partingCauses} from '../../../server/parting/parting.js'
import {formatCount, formatMs, formatTable} from '../../documents/phrases/format.js'
import {formatSlabTable} from '../../documents/text/slab-table.js'
import {linkClaim, type TopState} from './top-state.js'
import {averageOf, columnsOf, memoryOf, type TopColumns, totalOf} from './top-totals.js'

const heading = [
  'INSTANCE',
  'USAGE',
  'HIT %',
  'CONN',
  'TIME',
  'EVICT/s',
  'READ/s',
  'WRITE/s',
  'OP/s',
  'ITEMS',
  'QUEUE',
  'LINK',
] as const

/** What `repbench top` shows, as lines: memcache-top's columns first, then what replication needs. */
export function formatTop(state: TopState, {slabs}: {slabs: boolean}): string[] {
  return [...(slabs ? slabLines(state) : tableLines(state)), ...linkLines(state)]
}

function tableLines({nodes}: TopState): string[] {
  const answered = nodes.flatMap(({sample}) => (sample?.kind === 'answered' ? [sample] : []))
  const {usedBytes, limitBytes} = memoryOf(answered)
  const rows = nodes.map(node =>
    node.sample?.kind === 'answered'
      ? [node.name, ...cellsOf(columnsOf(node.sample)), queueOf(node.sample), linkClaim(node) ?? '–']
      : [node.name, ...heading.slice(1).map(() => '–')],
  )
  const total = ['TOTAL', ...cellsOf(totalOf(answered)), '', '']
  total[1] = `${formatBytes(usedBytes)}/${formatBytes(limitBytes)}`
  const lines = formatTable([[...heading], ...rows, ['AVERAGE', ...cellsOf(averageOf(answered)), '', ''], total])
  const silent = nodes.flatMap(({name, sample}) =>
    sample?.kind === 'silent' ? [`!! ${name} does not answer: ${sample.problem}`] : [],
  )
  return [...lines, ...silent]
}

function cellsOf(columns: TopColumns): string[] {
  const rate = (value: number | null) => (value === null ? '–' : formatShort(value))
  const percent = (value: number | null) => (value === null ? '–' : `${(value * 100).toFixed(1)}%`)
  return [
    percent(columns.usage),
    percent(columns.hitRatio),
    formatCount(columns.connections),
    columns.roundTripMs === null ? '–' : `${columns.roundTripMs.toFixed(1)}ms`,
    rate(columns.evictionsPerSecond),
    rate(columns.readPerSecond),
    rate(columns.writtenPerSecond),
    rate(columns.operationsPerSecond),
    formatCount(columns.items),
  ]
}

/** Waiting now, where the node tells; else repcached's low-water mark of free slots. */
function queueOf({replication, figures}: Parameters<typeof columnsOf>[0]): string {
  if (replication !== null) {
    return `${formatCount(replication.queueDepth)} (peak ${formatCount(replication.queuePeak)})`
  }
  return figures.queueFree === null ? '–' : `low ${formatCount(figures.queueFree)} free`
}

function slabLines({nodes}: TopState): string[] {
  return nodes.flatMap(({name, sample}, index) => [
    ...(index > 0 ? [''] : []),
    name,
    ...(sample?.kind === 'answered'
      ? formatSlabTable(sample.slabs ?? [])
      : [`!! does not answer${sample === null ? '' : `: ${sample.problem}`}`]),
  ])
}

function linkLines({link, lagUs, nodes}: TopState): string[] {
  if (link === null) return []
  const {verdict, why, parting, sinceMs} = link
  const names = nodes.map(({name}) => name)
  const lags = (lagUs ?? []).map((us, index) => `${names[index]} → ${names[1 - index]} ${lagText(us)}`)
  const lagLines = lags.length === 0 ? [] : [`lag: ${lags.join('   ')}`]
  if (parting !== null) {
    return [
      '',
      `!! link: ${verdict}, but ${parting.text} since ${timeOf(parting.sinceMs)}: ${parting.detail}`,
      `   ${partingCauses}; see repbench diff ${names.join(' ')}, repbench verify --known-faults`,
      ...lagLines,
    ]
  }
  const [mark, plainly] = verdict === 'unpaired-but-serving' ? ['!! ', 'not replicating: '] : ['', '']
  return ['', `${mark}link: ${verdict} since ${timeOf(sinceMs)}: ${plainly}${why}`, ...lagLines]
}

function lagText(us: number | null): string {
  return us === null ? '–' : `${formatMs(us)} ms`
}

/** `0.3`, `47`, `9.8K`, `2.1M`: steps of 1024, as memcache-top has them. */
function formatShort(value: number): string {
  if (value === 0) return '0'
  if (value < 1023.5) return value < 10 ? value.toFixed(1) : value.toFixed(0)
  return formatBytes(value)
}

function formatBytes(bytes: number): string {
  const units = ['', 'K', 'M', 'G', 'T']
  const step = bytes < 1 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10))
  const value = bytes / 1024 ** step
  return `${value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(1)}${units[step]}`
}

function timeOf(epochMs: number): string {
  const date = new Date(epochMs)
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(part => String(part).padStart(2, '0')).join(':')
}
