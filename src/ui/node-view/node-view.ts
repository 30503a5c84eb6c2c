import type {OwnCounts} from '../../ask/own-traffic.js'
import type {Backend, NodeStatus} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {LinkTruth} from '../../server/observe/link-watch.js'
import type {PairLag} from '../ports/ui-ports.js'
import {countersOf, type NodeCounters, type NodeRates, numberOf, ratesBetween} from './node-counters.js'

/** A node as the screens draw it. A new object after every change. */
export interface NodeView {
  readonly name: string
  /** null: a running server. */
  readonly backend: Backend | null
  readonly address: string
  readonly commandLine: string
  /** null: nobody knows where its log is. */
  readonly logFile: string | null
  readonly status: NodeStatus
  readonly poll: NodePoll
}

/** What the once-a-second stats polls found so far. */
export interface NodePoll {
  /** Answer of the last poll; null before the first and while the node is not up. */
  readonly latest: NodeSample | null
  /** False when the last poll of a node that is up got no answer. */
  readonly answers: boolean
  readonly rates: NodeRates | null
  /** One rate a second, oldest first; null = not measured. */
  readonly history: readonly (NodeRates | null)[]
}

export interface NodeSample {
  /** Monotonic ms. */
  readonly atMs: number
  /** Time of the stats round trip in ms. */
  readonly roundTripMs: number
  readonly counters: NodeCounters
  /** What our own watch had done to the node by then. */
  readonly own: OwnCounts | null
  readonly items: number | null
  readonly bytes: number | null
  readonly connections: number | null
  readonly queueFree: number | null
}

/** Seconds of rates kept for the sparkline and the hit ratio. */
const HISTORY_SECONDS = 60

export const neverPolled: NodePoll = {latest: null, answers: true, rates: null, history: []}

export function sampleOf(
  stats: ReadonlyMap<string, string>,
  {atMs, roundTripMs, own = null}: {atMs: number; roundTripMs: number; own?: OwnCounts | null},
): NodeSample {
  return {
    atMs,
    roundTripMs,
    own,
    counters: countersOf(stats),
    items: numberOf(stats, 'curr_items'),
    bytes: numberOf(stats, 'bytes'),
    connections: numberOf(stats, 'curr_connections'),
    queueFree: numberOf(stats, 'repcached_qi_free'),
  }
}

/** Adds a poll's answer, or null for a poll without one. */
export function addPoll(poll: NodePoll, sample: NodeSample | null, answers: boolean): NodePoll {
  const {latest} = poll
  const seconds = sample !== null && latest !== null ? (sample.atMs - latest.atMs) / 1000 : 0
  const rates =
    sample !== null && latest !== null && seconds > 0
      ? withoutOwn(ratesBetween(latest.counters, sample.counters, seconds), {
          before: latest.own,
          after: sample.own,
          seconds,
        })
      : null
  return {latest: sample, answers, rates, history: [...poll.history, rates].slice(-HISTORY_SECONDS)}
}

/** Our own watch is no load. */
function withoutOwn(
  rates: NodeRates,
  {before, after, seconds}: {before: OwnCounts | null; after: OwnCounts | null; seconds: number},
): NodeRates {
  if (before === null || after === null) return rates
  const less = (rate: number, count: (own: OwnCounts) => number) =>
    Math.max(0, rate - (count(after) - count(before)) / seconds)
  return {
    ...rates,
    operations: less(rates.operations, ({gets, sets, deletes}) => gets + sets + deletes),
    gets: less(rates.gets, ({gets}) => gets),
    hits: less(rates.hits, ({hits}) => hits),
    bytesRead: less(rates.bytesRead, ({bytesRead}) => bytesRead),
    bytesWritten: less(rates.bytesWritten, ({bytesWritten}) => bytesWritten),
  }
}

/** Hits of all gets in the time of the sparkline; null without a get, and of a node that says nothing now. */
export function hitShare({latest, history}: Pick<NodePoll, 'latest' | 'history'>, seconds = 30): number | null {
  if (latest === null) return null
  let gets = 0
  let hits = 0
  for (const rates of history.slice(-seconds)) {
    if (rates === null) continue
    gets += rates.gets * rates.seconds
    hits += rates.hits * rates.seconds
  }
  return gets > 0 ? hits / gets : null
}

/** Two nodes that are meant to replicate to each other. */
export interface PairView {
  readonly master: string
  readonly slave: string
  /** null: nobody knows. */
  readonly replicationPort: number | null
  /** Of running servers what was found out; null where logs tell, and before anything is known. */
  readonly truth: LinkTruth | null
  readonly lagUs: PairLag | null
}

/**
 * paired = writes were seen to cross, or both logs say so and nothing else is known yet · claimed = the nodes say so, and nothing is
 * probed · unproven = they say so, and no probe write was seen to cross · frozen = they are, but one of them was made to stand still · silent = they are, but one of them
 * does not answer · joining = one is on its way · unpaired = both are up,
 * nothing replicates · down = at least one is not up · unknown = the logs do not tell
 */
export type PairLink =
  | 'paired'
  | 'claimed'
  | 'unproven'
  | 'frozen'
  | 'silent'
  | 'joining'
  | 'unpaired'
  | 'down'
  | 'unknown'

export function pairLink(
  master: NodeView | undefined,
  slave: NodeView | undefined,
  truth: LinkTruth | null = null,
): PairLink {
  if (master === undefined || slave === undefined) return 'down'
  const states = [master.status.state, slave.status.state]
  const links = [master.status.link, slave.status.link]
  if (states.includes('starting')) return states.every(isAlive) ? 'joining' : 'down'
  if (!states.every(state => state === 'up' || state === 'paused')) return 'down'
  if (states.includes('paused') && links.every(link => link === 'paired')) return 'frozen'
  if (truth?.verdict === 'unpaired-but-serving') return 'unpaired'
  if (truth?.verdict === 'paired' || links.every(link => link === 'paired')) {
    if (isSilent(master) || isSilent(slave)) return 'silent'
    if (truth === null || truth.proven) return 'paired'
    return truth.verdict === 'paired' ? 'claimed' : 'unproven'
  }
  if (links.some(link => link === 'dialling' || link === 'syncing')) return 'joining'
  return links.includes('unknown') ? 'unknown' : 'unpaired'
}

/** A process that is there and says nothing: overloaded, hung, or stopped by somebody else. */
export function isSilent({status, poll}: Pick<NodeView, 'status' | 'poll'>): boolean {
  return status.state === 'up' && !poll.answers
}

function isAlive(state: NodeStatus['state']): boolean {
  return state === 'up' || state === 'starting' || state === 'paused'
}

const breakingKinds: ReadonlySet<NodeEvent['kind']> = new Set(['linkLost', 'overflow', 'bindFailed', 'sendError'])

/** Why a pair does not replicate: the newest telling event of its nodes, an overflow before its consequences. */
export function breakReason({master, slave}: PairView, events: readonly NodeEvent[]): NodeEvent | undefined {
  const own = events.filter(({node}) => node === master || node === slave)
  const last = own.findLastIndex(event => event.kind === 'fullSyncDone' || event.kind === 'linkUp')
  const since = own.slice(last + 1).filter(({kind}) => breakingKinds.has(kind))
  return since.findLast(event => event.kind !== 'linkLost') ?? since.at(-1)
}
