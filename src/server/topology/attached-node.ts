import {LookOnce} from '../../ask/look/look-once.js'
import {fetchStats, type StatsOptions} from '../../ask/stats-client.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {messageOf} from '../../protocol/errors.js'
import type {ClusterNode, LogLine, NodeStatus} from '../node-api/cluster-node.js'
import {NodeStateError} from '../node-api/node-errors.js'
import type {NodeEvent, NodeEventFacts, NodeEventKind} from '../node-api/node-event.js'

/** A server that is asked once a second need not be looked at for longer. */
const LOOK_MS = 500

/**
 * A running server that repbench has not started: it is observed and loaded, never stopped.
 * Whether it lives is known from its last answer.
 */
export class AttachedNode implements ClusterNode {
  readonly name: string
  readonly backend = null
  readonly supervised = false
  readonly address: Address
  readonly commandLine = ''
  readonly logFile = null
  readonly #look: LookOnce
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  #status: NodeStatus = {state: 'up', pid: null, startedAtMs: null, exit: null, link: 'unknown', role: 'none'}

  constructor(address: Address) {
    this.name = formatAddress(address)
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

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  report(kind: NodeEventKind, text: string, facts?: NodeEventFacts): void {
    const common = {monotonicMs: performance.now(), atMs: Date.now(), node: this.name, kind, text}
    const event: NodeEvent = facts === undefined ? common : {...common, facts}
    for (const listener of this.#listeners) listener(event)
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
