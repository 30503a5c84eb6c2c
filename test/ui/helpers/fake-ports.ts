import type {StatsOptions} from '../../../src/ask/stats-client.js'
import {parseStats} from '../../../src/protocol/text/stats-reply.js'
import type {ClusterNode, NodeStatus} from '../../../src/server/node-api/cluster-node.js'
import type {SessionState, TranscriptEntry} from '../../../src/telnet/transcript/transcript.js'
import type {TimedAsk} from '../../../src/ui/node-view/node-poller.js'
import type {UiConsole} from '../../../src/ui/ports/console-port.js'

export const fakeAnswer: TimedAsk = async () => ({
  lines: ['STAT curr_items 7', 'END'],
  atMs: performance.now(),
  roundTripMs: 0.5,
})

/** A node without a process behind it. */
export class FakeNode implements ClusterNode {
  readonly name: string
  readonly backend = 'embedded'
  readonly supervised = true
  readonly logFile = null
  readonly address = {host: '127.0.0.1', port: 11211}
  readonly commandLine = 'repbench node'
  asked = 0
  #status: NodeStatus
  #answers: boolean
  #pending = Promise.withResolvers<ReadonlyMap<string, string>>()

  constructor(name: string, {state = 'up', answers = true}: {state?: NodeStatus['state']; answers?: boolean} = {}) {
    this.name = name
    this.#answers = answers
    this.#status = {state, pid: 1, startedAtMs: 1, exit: null, link: 'none', role: 'none'}
  }

  status(): NodeStatus {
    return this.#status
  }

  change(change: Partial<NodeStatus>): void {
    this.#status = {...this.#status, ...change}
  }

  async stats({ask}: StatsOptions = {}): Promise<ReadonlyMap<string, string>> {
    this.asked += 1
    if (!this.#answers) return this.#pending.promise
    const lines = (await ask?.(this.address, 'stats')) ?? []
    return parseStats(lines)!
  }

  /** Lets what was asked fail. */
  fail(): void {
    this.#pending.reject(new Error('no answer'))
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
