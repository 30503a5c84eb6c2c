import {type Address, formatAddress} from '../protocol/address.js'
import {askNode} from './ask-node.js'
import type {ClusterNode, LogLine, NodeStatus} from './cluster-node.js'
import {NodeStateError} from './node-errors.js'
import type {NodeEvent, NodeEventFacts, NodeEventKind} from './node-event.js'
import {fetchStats} from './stats-client.js'

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
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  #status: NodeStatus = {state: 'up', pid: null, startedAtMs: null, exit: null, link: 'unknown', role: 'none'}

  constructor(address: Address) {
    this.name = formatAddress(address)
    this.address = address
  }

  status(): NodeStatus {
    return this.#status
  }

  logs(): readonly LogLine[] {
    return []
  }

  async stats(options: {timeoutMs?: number} = {}): Promise<ReadonlyMap<string, string>> {
    return this.#noteAnswer(fetchStats(this.address, options))
  }

  /** Asks it whether it lives. @throws NodeReplyError when it doesn't answer */
  async check(options: {timeoutMs?: number; signal?: AbortSignal} = {}): Promise<void> {
    await this.#noteAnswer(askNode(this.address, 'version', options))
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

  async #noteAnswer<Answer>(answer: Promise<Answer>): Promise<Answer> {
    try {
      const received = await answer
      if (this.#status.state !== 'up') this.report('reachable', 'answers again')
      this.#status = {...this.#status, state: 'up'}
      return received
    } catch (error) {
      if (this.#status.state === 'up') this.report('unreachable', `does not answer: ${textOf(error)}`)
      this.#status = {...this.#status, state: 'dead'}
      throw error
    }
  }

  #refusal(what: string): NodeStateError {
    return new NodeStateError(`Expected a node that repbench has started, got ${this.name}: it won't ${what} that`)
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
