import {LookOnce} from '../../ask/look/look-once.js'
import {fetchStats, type StatsOptions} from '../../ask/stats-client.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {messageOf} from '../../protocol/errors.js'
import type {ClusterNode, LogLine, NodeStatus} from '../node-api/cluster-node.js'
import {NodeStateError} from '../node-api/node-errors.js'
import {NodeEvents} from '../node-api/node-events.js'
import type {Topology} from './topology.js'

/** A server that is asked once a second need not be looked at for longer. */
const LOOK_MS = 500

/**
 * A running server that repbench has not started: it is observed and loaded, never stopped.
 * Whether it lives is known from its last answer.
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
  readonly #look: LookOnce
  #status: NodeStatus = {state: 'up', pid: null, startedAtMs: null, exit: null, link: 'unknown', role: 'none'}

  constructor(address: Address) {
    this.name = formatAddress(address)
    const {onEvent, report} = new NodeEvents(this.name)
    this.onEvent = onEvent
    this.report = report
    this.address = address
    this.#look = new LookOnce(address)
  }

  status(): NodeStatus {
    return this.#status
  }

  logs(): readonly LogLine[] {
    return []
  }

  async stats(options: StatsOptions = {}): Promise<ReadonlyMap<string, string>> {
    try {
      const stats = await fetchStats(this.address, options)
      this.#note('up')
      this.#look.forget()
      return stats
    } catch (error) {
      const there = await this.#look.explain(error, {timeoutMs: LOOK_MS})
      this.#note('dead', there === null ? messageOf(error) : `it ${there}`)
      throw error
    }
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

  #note(state: 'up' | 'dead', problem = ''): void {
    if (state === this.#status.state) return
    this.#status = {...this.#status, state}
    if (state === 'up') this.report('reachable', 'answers again')
    else this.report('unreachable', `does not answer: ${problem}`)
  }

  #refusal(what: string): NodeStateError {
    return new NodeStateError(`Expected a node that repbench has started, got ${this.name}: it won't ${what} that`)
  }
}

/** Running servers as a topology: two are taken for a pair, the master first. They are not asked yet, and never stopped. */
export function attachTopology(addresses: readonly Address[]): Topology {
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
