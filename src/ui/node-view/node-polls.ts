import type {ClusterNode} from '../../server/node-api/cluster-node.js'
import type {NodeSample} from '../../server/stats/node-sample.js'
import {addPoll, type NodePoll, neverPolled} from './node-view.js'

/** A running server may answer again at any time: only its polls tell. */
function mayAnswer(node: ClusterNode): boolean {
  return node.status().state === 'up' || (!node.supervised && node.status().state === 'dead')
}

/** What the polls of each node have found so far. */
export class NodePolls {
  readonly #polls = new Map<string, NodePoll>()

  /** What a node said before it died is not said of it any more. */
  of(node: ClusterNode): NodePoll {
    const poll = this.#polls.get(node.name) ?? neverPolled
    if (poll.latest === null || mayAnswer(node)) return poll
    const silenced = {...poll, latest: null, rates: null}
    this.#polls.set(node.name, silenced)
    return silenced
  }

  /** To be told once a second. The silence of a node that is not up is no news. */
  add(node: ClusterNode, sample: NodeSample): void {
    const answered = sample.kind === 'answered' && mayAnswer(node) ? sample : null
    const answers = answered !== null || node.status().state !== 'up'
    this.#polls.set(node.name, addPoll(this.of(node), answered, answers))
  }
}
