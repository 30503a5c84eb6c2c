import {setTimeout as delay} from 'node:timers/promises'
import type {AskNode} from '../../ask/ask-once.js'
import type {OwnCounts} from '../../ask/own-traffic.js'
import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import {addPoll, type NodePoll, type NodeSample, neverPolled, sampleOf} from './node-view.js'

const POLL_TIMEOUT_MS = 900
/** So often it is tried to ask while nothing of our own is under way, with a pause between. */
const QUIET_TRIES = 6
const QUIET_PAUSE_MS = 10

/** A running server is asked again also when it was silent: only so it is seen to be back. */
function mayAnswer(node: ClusterNode): boolean {
  return node.status().state === 'up' || (!node.supervised && node.status().state === 'dead')
}

/** What asking for statistics has done to a node. */
interface PollTraffic {
  bytesRead: number
  bytesWritten: number
}

const REQUEST_BYTES = 'stats\r\n'.length
const REPLY_END_BYTES = 'END\r\n'.length
/** `STAT <name> <value>\r\n` */
const STAT_LINE_BYTES = 'STAT  \r\n'.length

function withPolls(own: OwnCounts | null, {bytesRead, bytesWritten}: PollTraffic): OwnCounts | null {
  if (own === null) return null
  return {...own, bytesRead: own.bytesRead + bytesRead, bytesWritten: own.bytesWritten + bytesWritten}
}

/** Whether nothing of our own was asked or answered between two counts. */
function isQuiet(before: OwnCounts | null, after: OwnCounts | null): boolean {
  if (before === null || after === null) return true
  return before.underWay === 0 && after.underWay === 0 && before.bytesRead === after.bytesRead
}

/** Asks a node something where nothing is drawn: a frame would be counted into its answer. */
export type TimedAsk = (
  ...question: Parameters<AskNode>
) => Promise<{readonly lines: string[]; readonly atMs: number; readonly roundTripMs: number}>

export interface NodePollerOptions {
  /** What our own watch has done to a node: that is no load. */
  readonly ownCounts: (node: ClusterNode) => OwnCounts | null
  readonly ask: TimedAsk
}

/** Asks each node that is up for its stats once a second, and keeps what they said. */
export class NodePoller {
  readonly #polls = new Map<string, NodePoll>()
  readonly #ownCounts: (node: ClusterNode) => OwnCounts | null
  readonly #asking = new Set<string>()
  readonly #traffic = new Map<string, PollTraffic>()

  readonly #ask: TimedAsk

  constructor({ownCounts, ask}: NodePollerOptions) {
    this.#ownCounts = ownCounts
    this.#ask = ask
  }

  /** What a node said before it died is not said of it any more. */
  of(node: ClusterNode): NodePoll {
    const poll = this.#polls.get(node.name) ?? neverPolled
    if (poll.latest === null || mayAnswer(node)) return poll
    const silenced = {...poll, latest: null, rates: null}
    this.#polls.set(node.name, silenced)
    return silenced
  }

  /** Asks nodes that were never asked, so that the first figures come at once. */
  pollNew(nodes: readonly ClusterNode[]): void {
    this.pollAll(nodes.filter(node => !this.#polls.has(node.name) && mayAnswer(node)))
  }

  /** To be called once a second. A node that has not answered yet is not asked again. */
  pollAll(nodes: readonly ClusterNode[]): void {
    for (const node of nodes) {
      if (this.#asking.has(node.name)) continue
      if (mayAnswer(node)) void this.#poll(node)
      else this.#add(node, null, true)
    }
  }

  async #poll(node: ClusterNode): Promise<void> {
    this.#asking.add(node.name)
    try {
      this.#add(node, await this.#sample(node), true)
    } catch {
      // Killed while it was asked: that is no silence of a node that is up.
      this.#add(node, null, node.status().state !== 'up')
    } finally {
      this.#asking.delete(node.name)
    }
  }

  /** What we do to the node while it answers may be in its figures or not: it is asked again then. */
  async #sample(node: ClusterNode): Promise<NodeSample> {
    for (let tries = 1; ; tries++) {
      const before = this.#ownCounts(node)
      let times = {atMs: 0, roundTripMs: 0}
      const stats = await node.stats({
        timeoutMs: POLL_TIMEOUT_MS,
        ask: async (...question) => {
          const {lines, ...rest} = await this.#ask(...question)
          times = rest
          return lines
        },
      })
      const own = this.#ownCounts(node)
      const traffic = this.#countPoll(node, stats)
      if (tries === QUIET_TRIES || isQuiet(before, own)) {
        return sampleOf(stats, {...times, own: withPolls(own, traffic)})
      }
      await delay(QUIET_PAUSE_MS)
    }
  }

  /** What its figures hold of our asking: this request, but only the replies before this one. */
  #countPoll({name}: ClusterNode, stats: ReadonlyMap<string, string>): PollTraffic {
    const traffic = this.#traffic.get(name) ?? {bytesRead: 0, bytesWritten: 0}
    this.#traffic.set(name, traffic)
    traffic.bytesRead += REQUEST_BYTES
    const counts = {...traffic}
    traffic.bytesWritten += REPLY_END_BYTES
    for (const [stat, value] of stats) traffic.bytesWritten += STAT_LINE_BYTES + stat.length + value.length
    return counts
  }

  #add(node: ClusterNode, sample: NodeSample | null, answers: boolean): void {
    this.#polls.set(node.name, addPoll(this.of(node), sample, answers))
  }
}
