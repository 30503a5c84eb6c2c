import type {AskOptions} from '../../ask/ask-once.js'
import {askStats} from '../../ask/ask-stats.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {ClusterNode, LogLine, NodeStatus} from '../node-api/cluster-node.js'
import {NodeStateError} from '../node-api/node-errors.js'
import {NodeEvents} from '../node-api/node-events.js'
import type {NodeSample} from '../stats/node-sample.js'
import type {Topology} from './topology.js'

/**
 * A running server that repbench has not started: it is observed and loaded, never stopped.
 * Whether it lives is known from its polls, see observed().
 */
class AttachedNode implements ClusterNode {
  readonly name: string
  readonly backend = null
  readonly supervised = false
  readonly address: Address
  readonly commandLine = ''
  readonly logFile = null
  readonly onEvent: ClusterNode['onEvent']
  readonly report: ClusterNode['report']
  #status: NodeStatus = {state: 'up', pid: null, startedAtMs: null, exit: null, link: 'unknown', role: 'none'}

  constructor(address: Address) {
    this.name = formatAddress(address)
    const {onEvent, report} = new NodeEvents(this.name)
    this.onEvent = onEvent
    this.report = report
    this.address = address
  }

  status(): NodeStatus {
    return this.#status
  }

  logs(): readonly LogLine[] {
    return []
  }

  stats(options?: AskOptions): Promise<ReadonlyMap<string, string>> {
    return askStats(this.address, options)
  }

  /** Takes what a poll has found out: whether it lives. */
  observed(sample: NodeSample): void {
    const state = sample.kind === 'answered' ? 'up' : 'dead'
    if (state === this.#status.state) return
    this.#status = {...this.#status, state}
    if (sample.kind === 'answered') this.report('reachable', 'answers again')
    else this.report('unreachable', `does not answer: ${sample.problem}`)
  }

  async start(): Promise<void> {
    throw this.#refusal('start')
  }

  async stop(): Promise<void> {
    throw this.#refusal('stop')
  }

  async kill(): Promise<void> {
    throw this.#refusal('kill')
  }

  pause(): void {
    throw this.#refusal('freeze')
  }

  resume(): void {
    throw this.#refusal('thaw')
  }

  #refusal(what: string): NodeStateError {
    return new NodeStateError(`cannot ${what} ${this.name}: repbench did not start it`)
  }
}

/** A topology of running servers. */
export interface AttachedTopology extends Topology {
  readonly nodes: readonly AttachedNode[]
}

/** Running servers as a topology: two are taken for a pair, the master first. They are not asked yet, and never stopped. */
export function attachTopology(addresses: readonly Address[]): AttachedTopology {
  const nodes = addresses.map(address => new AttachedNode(address))
  const [master, slave, ...more] = nodes
  return {
    name: 'attached',
    nodes,
    pair: master === undefined || slave === undefined || more.length > 0 ? null : {master, slave},
    native: null,
    third: null,
    replication: null,
    replicationPort: null,
    close: async () => {},
  }
}
