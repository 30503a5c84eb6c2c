import type {ClusterNode} from '../server/cluster-node.js'
import type {OwnCounts} from '../server/stats-own-traffic.js'
import {addPoll, type NodePoll, neverPolled, sampleOf} from './state/node-view.js'

const POLL_TIMEOUT_MS = 900

/** A running server is asked again also when it was silent: only so it is seen to be back. */
function mayAnswer(node: ClusterNode): boolean {
  return node.status().state === 'up' || (!node.supervised && node.status().state === 'dead')
}

/** Asks each node that is up for its stats once a second, and keeps what they said. */
export class NodePoller {
  readonly #polls = new Map<string, NodePoll>()
  readonly #ownCounts: (node: ClusterNode) => OwnCounts | null
  readonly #asking = new Set<string>()

  /** @param ownCounts what our own watch has done to a node: that is no load */
  constructor(ownCounts: (node: ClusterNode) => OwnCounts | null = () => null) {
    this.#ownCounts = ownCounts
  }

  of({name}: ClusterNode): NodePoll {
    return this.#polls.get(name) ?? neverPolled
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
    const startedMs = performance.now()
    try {
      const stats = await node.stats({timeoutMs: POLL_TIMEOUT_MS})
      const nowMs = performance.now()
      this.#add(node, sampleOf(stats, {atMs: nowMs, roundTripMs: nowMs - startedMs, own: this.#ownCounts(node)}), true)
    } catch {
      // Killed while it was asked: that is no silence of a node that is up.
      this.#add(node, null, node.status().state !== 'up')
    } finally {
      this.#asking.delete(node.name)
    }
  }

  #add(node: ClusterNode, sample: ReturnType<typeof sampleOf> | null, answers: boolean): void {
    this.#polls.set(node.name, addPoll(this.of(node), sample, answers))
  }
}
