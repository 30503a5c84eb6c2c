import type {NodeStatus} from '../../server/node-api/cluster-node.js'
import type {NodeEvent} from '../../server/node-api/node-event.js'
import type {LinkTruth} from '../../server/observe/link-watch.js'
import type {NodeRates} from '../../server/stats/node-rates.js'
import type {AnsweredSample} from '../../server/stats/node-sample.js'
import type {PairLag} from '../ports/ui-ports.js'

/** A node as the screens draw it. A new object after every change. */
export interface NodeView {
  readonly name: string
  /** null: a running server. */
  readonly backend: string | null
  readonly address: string
  readonly commandLine: string
  /** null when unknown. */
  readonly logFile: string | null
  readonly status: NodeStatus
  readonly poll: NodePoll
}

/** What the once-a-second stats polls found so far. */
export interface NodePoll {
  /** Answer of the last poll; null before the first and while the node is not up. */
  readonly latest: AnsweredSample | null
  /** False when the last poll of a node that is up got no answer. */
  readonly answers: boolean
  readonly rates: NodeRates | null
  /** One rate a second, oldest first; null = not measured. */
  readonly history: readonly (NodeRates | null)[]
}

/** Seconds of rates kept for the sparkline and the hit ratio. */
const HISTORY_SECONDS = 60

export const neverPolled: NodePoll = {latest: null, answers: true, rates: null, history: []}

/** Adds what a poll found, or null for a poll without an answer. */
export function addPoll(poll: NodePoll, sample: AnsweredSample | null, answers: boolean): NodePoll {
  const rates = sample?.rates ?? null
  return {latest: sample, answers, rates, history: [...poll.history, rates].slice(-HISTORY_SECONDS)}
}

/** Hits of all gets in the time of the sparkline; null without a get, and of a node that says nothing now. */
export function hitShare({latest, history}: Pick<NodePoll, 'latest' | 'history'>, seconds = 30): number | null {
  if (latest === null) return null
  let gets = 0
  let hits = 0
  for (const rates of history.slice(-seconds)) {
    if (rates === null) continue
    gets += (rates.gets ?? 0) * rates.seconds
    hits += (rates.hits ?? 0) * rates.seconds
  }
  return gets > 0 ? hits / gets : null
}

/** Two nodes that are meant to replicate to each other. */
export interface PairView {
  readonly master: string
  readonly slave: string
  /** null when unknown. */
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

/** Whether its process runs, be it frozen. */
export function isLive({status: {state}}: Pick<NodeView, 'status'>): boolean {
  return isAlive(state)
}

const breakingKinds: ReadonlySet<NodeEvent['kind']> = new Set(['linkLost', 'overflow', 'bindFailed', 'sendError'])

/** Why a pair does not replicate: the newest telling event of its nodes, an overflow before its consequences. */
export function breakReason({master, slave}: PairView, events: readonly NodeEvent[]): NodeEvent | undefined {
  const own = events.filter(({node}) => node === master || node === slave)
  const last = own.findLastIndex(event => event.kind === 'fullSyncDone' || event.kind === 'linkUp')
  const since = own.slice(last + 1).filter(({kind}) => breakingKinds.has(kind))
  return since.findLast(event => event.kind !== 'linkLost') ?? since.at(-1)
}
