import type {ClusterNode, NodeStatus} from '../../../src/server/node-api/cluster-node.js'
import type {SessionState, TranscriptEntry} from '../../../src/telnet/transcript/transcript.js'
import type {UiConsole} from '../../../src/ui/ports/console-port.js'

/** A node without a process behind it. */
export class FakeNode implements ClusterNode {
  readonly name: string
  readonly backend = 'embedded'
  readonly supervised = true
  readonly logFile = null
  readonly address = {host: '127.0.0.1', port: 11211}
  readonly commandLine = 'repbench node'
  #status: NodeStatus

  constructor(name: string, {state = 'up'}: {state?: NodeStatus['state']} = {}) {
    this.name = name
    this.#status = {state, pid: 1, startedAtMs: 1, exit: null, link: 'none', role: 'none'}
  }

  status(): NodeStatus {
    return this.#status
  }

  change(change: Partial<NodeStatus>): void {
    this.#status = {...this.#status, ...change}
  }

  stats(): Promise<ReadonlyMap<string, string>> {
    return Promise.resolve(new Map())
  }

  async start(): Promise<void> {}
  async stop(): Promise<void> {}
  async kill(): Promise<void> {}
  pause(): void {}
  report(): void {}
  resume(): void {}
  logs() {
    return []
  }
  onEvent() {
    return () => {}
  }
}

/** A console session without a socket. */
export class FakeConsole implements UiConsole {
  readonly address = {host: '127.0.0.1', port: 11211}
  readonly sent: string[] = []
  closed = false
  #state: SessionState = 'connected'
  #entries: readonly TranscriptEntry[] = []
  readonly #onChange: () => void

  constructor(onChange: () => void) {
    this.#onChange = onChange
  }

  state() {
    return this.#state
  }

  entries() {
    return this.#entries
  }

  dataBytesExpected() {
    return null
  }

  send(line: string): void {
    this.sent.push(line)
    this.#add('sent', line)
  }

  end(): void {
    this.#state = 'closed'
    this.#add('system', 'Connection closed.')
  }

  close(): void {
    this.closed = true
  }

  /** As when the node's process dies. */
  lose(): void {
    this.#state = 'closed'
    this.#add('system', 'Connection closed by foreign host.')
  }

  #add(kind: TranscriptEntry['kind'], text: string): void {
    this.#entries = [...this.#entries, {kind, text, latencyUs: null, monotonicMs: 0, atMs: 0}]
    this.#onChange()
  }
}
