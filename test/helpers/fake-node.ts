import type {ClusterNode, NodeStatus} from '../../src/server/node-api/cluster-node.js'
import type {NodeEvent, NodeEventFacts, NodeEventKind} from '../../src/server/node-api/node-event.js'

/** A node without a process, whose state and events a test decides. */
export class FakeClusterNode implements ClusterNode {
  readonly name: string
  readonly backend = 'repcached'
  readonly supervised = true
  readonly address = {host: '127.0.0.1', port: 11211}
  readonly commandLine = 'repcached'
  readonly logFile = null
  readonly told: NodeEvent[] = []
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  #status: NodeStatus

  constructor(name: string, status: Partial<NodeStatus> = {}) {
    this.name = name
    this.#status = {state: 'up', pid: 1000, startedAtMs: 1, exit: null, link: 'unknown', role: 'none', ...status}
  }

  status(): NodeStatus {
    return this.#status
  }

  change(change: Partial<NodeStatus>): void {
    this.#status = {...this.#status, ...change}
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  report(kind: NodeEventKind, text: string, facts: NodeEventFacts = {}): void {
    const event = {monotonicMs: 0, atMs: 0, node: this.name, kind, text, facts}
    this.told.push(event)
    for (const listener of this.#listeners) listener(event)
  }

  async stats(): Promise<ReadonlyMap<string, string>> {
    return new Map()
  }

  logs() {
    return []
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async kill(): Promise<void> {}
  pause(): void {}
  resume(): void {}
}
