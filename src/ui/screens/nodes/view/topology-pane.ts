import type {Parting} from '../../../../server/parting/parting.js'
import {ABSENT, formatClock, formatCount, formatLag} from '../../../draw/format.js'
import type {Area} from '../../../draw/layout.js'
import {PANE_SIDES, type PaneLine, pane} from '../../../draw/pane.js'
import type {Span} from '../../../draw/text.js'
import type {Theme, Tone} from '../../../draw/theme.js'
import {isSilent, type NodeView, type PairLink, type PairView} from '../../../node-view/node-view.js'
import type {PairStatus} from '../../../node-view/pair-status.js'

export interface TopologyData {
  readonly status: PairStatus | undefined
  readonly master: NodeView | undefined
  readonly slave: NodeView | undefined
  /** Wall clock ms of the newest full sync, where one was seen. */
  readonly fullSyncAtMs: number | null
}

/** A difference of so many keys counts by the key, above that there is no room for it. */
const EXACT_BELOW = 10_000

const linkWords: Readonly<Record<PairLink, readonly [text: string, tone: Tone]>> = {
  paired: ['paired: writes on either side cross', 'ok'],
  claimed: ['linked by their word: not probed', 'warn'],
  unproven: ['linked, not proven: none crossed', 'warn'],
  frozen: ['frozen: writes wait in the queue', 'warn'],
  silent: ['silent: unknown if writes cross', 'warn'],
  joining: ['joining: full sync under way', 'warn'],
  unpaired: ['NOT PAIRED: nothing replicates', 'alarm'],
  down: ['one side only: writes do not cross', 'warn'],
  unknown: ['unknown whether writes cross', 'warn'],
}

/** Who replicates to whom, and what the pair agrees on. */
export function topologyPane(data: TopologyData, {width, height}: Area, theme: Theme, tone: Tone = 'border'): string[] {
  return pane({title: ['Topology'], lines: topologyLines(data, width - PANE_SIDES), tone, width, height, theme})
}

function topologyLines({status, master, slave, fullSyncAtMs}: TopologyData, width: number): PaneLine[] {
  if (status === undefined) return [[['not one of a pair', 'dim']]]
  const {pair, link, parting} = status
  return [
    [...nodeSpans(pair.master, master), ...linkSpans(link, pair.replicationPort), ...nodeSpans(pair.slave, slave)],
    [parting === null ? linkWords[link] : [partingText(parting, width), 'bad']],
    [['items  ', 'dim'], ...itemSpans(master, slave)],
    [['last full sync  ', 'dim'], copyText(link, fullSyncAtMs)],
    [['lag  ', 'dim'], link === 'paired' ? lagText(pair) : ABSENT],
  ]
}

/** Where there is no room for the numbers: they stand in the line below. */
function partingText({text}: Parting, width: number): string {
  const whole = `paired, but ${text}`
  return whole.length <= width ? whole : 'paired, but the nodes part'
}

function copyText(link: PairLink, atMs: number | null): string {
  if (link === 'joining') return 'under way'
  return atMs === null ? ABSENT : formatClock(atMs)
}

function lagText({lagUs, master, slave}: PairView): string {
  if (lagUs === null || lagUs.every(us => us === null)) return ABSENT
  const [toSlave, toMaster] = lagUs.map(us => (us === null ? ABSENT : `${formatLag(us)} ms`))
  // Names of attached nodes are addresses, two of which leave no room.
  const short = master.length + slave.length <= 8
  const [there, back] = short ? [`${master}→${slave}`, `${slave}→${master}`] : ['there', 'back']
  return `${there} ${toSlave}   ${back} ${toMaster}`
}

function nodeSpans(name: string, node: NodeView | undefined): Span[] {
  const up = node?.status.state === 'up' && !isSilent(node)
  if (up && node.name === node.address) return [[name, 'strong']]
  return [
    [name, up ? 'strong' : 'bad'],
    [` ${up ? `:${node.address.split(':').at(-1)}` : stateWord(node)}`, up ? 'plain' : 'bad'],
  ]
}

function stateWord(node: NodeView | undefined): string {
  if (node === undefined) return 'gone'
  if (isSilent(node)) return 'silent'
  return node.status.state === 'paused' ? 'frozen' : node.status.state
}

function linkSpans(link: PairLink, replicationPort: number | null): Span[] {
  const port = replicationPort === null ? '' : `:${replicationPort} `
  switch (link) {
    case 'paired':
      return [[` ◄═══ ${port}═══► `, 'ok']]
    case 'claimed':
    case 'unproven':
    case 'frozen':
    case 'silent':
    case 'joining':
      return [[` ···· ${port}···· `, 'warn']]
    default:
      return [[` ─✖─ ${port}─✖─ `, link === 'unpaired' ? 'bad' : 'warn']]
  }
}

function itemSpans(master: NodeView | undefined, slave: NodeView | undefined): Span[] {
  const left = master?.poll.latest?.figures.items ?? null
  const right = slave?.poll.latest?.figures.items ?? null
  const counts = `${master?.name ?? ''} ${formatCount(left)}  ${slave?.name ?? ''} ${formatCount(right)}`
  if (left === null || right === null) return [counts]
  const difference = Math.abs(left - right)
  const text = difference < EXACT_BELOW ? difference.toLocaleString('en-US') : formatCount(difference)
  return [counts, [difference === 0 ? '  the same' : `  differ ${text}`, difference === 0 ? 'dim' : 'warn']]
}
