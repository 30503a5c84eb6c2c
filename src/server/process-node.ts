import {setTimeout as delay} from 'node:timers/promises'
import {type Address, formatAddress} from '../protocol/address.js'
import {RepbenchError} from '../protocol/errors.js'
import {type AskOptions, askNode} from './ask-node.js'
import type {Backend, ClusterNode, LogLine, NodeExit, NodeStatus} from './cluster-node.js'
import {assertCanListen} from './free-port.js'
import {NodeStartError, NodeStateError} from './node-errors.js'
import type {NodeEvent, NodeEventKind} from './node-event.js'
import {freshLog, type NodeLogState, readLogLine} from './node-log.js'
import {shellLine} from './process-args.js'
import {fetchStats} from './stats-client.js'
import {type ProcessCommand, SupervisedProcess} from './supervised-process.js'
import type {Watchdog} from './watchdog.js'

const LOG_LINES_KEPT = 1000
const LAST_LINES_SHOWN = 3
const READY_POLL_MS = 10

export interface ProcessNodeOptions {
  readonly name: string
  readonly backend: Backend
  readonly address: Address
  readonly command: ProcessCommand
  /** Whether its log tells of a replication link. */
  readonly replicates: boolean
  readonly watchdog: Watchdog
  /** How long a node may take to open its client port; a joiner opens it after its full copy. @default 60_000 */
  readonly readyTimeoutMs?: number
  /** From SIGTERM to SIGKILL. @default 3000 */
  readonly stopGraceMs?: number
}

/** A node that runs as a process of its own, under supervision. */
export class ProcessNode implements ClusterNode {
  readonly name: string
  readonly backend: Backend
  readonly address: Address
  readonly commandLine: string
  readonly #options: Required<ProcessNodeOptions>
  readonly #logs: LogLine[] = []
  readonly #listeners = new Set<(event: NodeEvent) => void>()
  #process: SupervisedProcess | undefined
  #log: NodeLogState = freshLog
  #status: NodeStatus

  constructor(options: ProcessNodeOptions) {
    this.#options = {readyTimeoutMs: 60_000, stopGraceMs: 3000, ...options}
    this.name = options.name
    this.backend = options.backend
    this.address = options.address
    this.commandLine = shellLine(options.command)
    const link = options.replicates ? 'unknown' : 'none'
    this.#status = {state: 'stopped', pid: null, startedAtMs: null, exit: null, link, role: 'none'}
  }

  status(): NodeStatus {
    return this.#status
  }

  logs(): readonly LogLine[] {
    return this.#logs
  }

  stats(options: {timeoutMs?: number} = {}): Promise<ReadonlyMap<string, string>> {
    return fetchStats(this.address, options)
  }

  onEvent(listener: (event: NodeEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async start({signal}: {signal?: AbortSignal} = {}): Promise<void> {
    const before = this.#status
    if (before.state !== 'stopped' && before.state !== 'dead') {
      throw new NodeStateError(`Expected ${this.name} to be stopped or dead, got ${before.state}`)
    }
    this.#change({state: 'starting'})
    try {
      await assertCanListen(this.address)
      await this.#spawn()
    } catch (error) {
      this.#change({state: before.state})
      throw this.#startError(error)
    }
    await this.#waitUntilReady(signal)
    this.#change({state: 'up'})
    this.#emit('ready', `answers on ${formatAddress(this.address)}`)
  }

  async stop(): Promise<void> {
    const running = this.#process
    if (running === undefined) return
    this.#change({state: 'stopping'})
    running.signal('SIGTERM')
    // A frozen process gets its SIGTERM only now.
    running.signal('SIGCONT')
    const killer = setTimeout(() => running.signal('SIGKILL'), this.#options.stopGraceMs)
    await running.ended
    clearTimeout(killer)
  }

  async kill(): Promise<void> {
    const running = this.#process
    if (running === undefined) return
    this.#emit('killed', `killed by the operator (SIGKILL), pid ${running.pid}`)
    this.#change({state: 'dead'})
    running.signal('SIGKILL')
    await running.ended
  }

  pause(): void {
    if (this.#status.state !== 'up' || this.#process?.signal('SIGSTOP') !== true) return
    this.#change({state: 'paused'})
    this.#emit('paused', 'frozen by the operator (SIGSTOP)')
  }

  resume(): void {
    if (this.#status.state !== 'paused' || this.#process?.signal('SIGCONT') !== true) return
    this.#change({state: 'up'})
    this.#emit('resumed', 'thawed by the operator (SIGCONT)')
  }

  async #spawn(): Promise<void> {
    this.#log = freshLog
    this.#process = await SupervisedProcess.spawn(this.#options.command, {
      onLine: line => this.#readLine(line),
      onExit: exit => this.#onExit(exit),
    })
    const {pid} = this.#process
    this.#options.watchdog.add(pid)
    this.#change({pid, startedAtMs: Date.now(), exit: null, ...this.#linkOf(this.#log)})
    this.#emit('started', `started, pid ${pid}`)
  }

  /** Ready = the client port answers; the process may die before, or the caller lose patience. */
  async #waitUntilReady(signal?: AbortSignal): Promise<void> {
    const running = this.#process
    if (running === undefined) throw this.#startError('a process that ended at once')
    const limit = AbortSignal.timeout(this.#options.readyTimeoutMs)
    const dead = new AbortController()
    void running.ended.then(() => dead.abort())
    const giveUp = AbortSignal.any([limit, dead.signal, ...(signal ? [signal] : [])])
    while (!(await answersVersion(this.address, {signal: giveUp}))) {
      await delay(READY_POLL_MS, undefined, {signal: giveUp}).catch(() => {})
      if (giveUp.aborted) break
    }
    if (!giveUp.aborted) return
    if (!dead.signal.aborted) {
      this.#change({state: 'stopping'})
      running.signal('SIGKILL')
      await running.ended
      throw this.#startError(signal?.aborted ? 'an abort' : `no answer within ${this.#options.readyTimeoutMs} ms`)
    }
    throw this.#startError(describeExit(await running.ended), await running.ended)
  }

  #readLine(text: string): void {
    this.#logs.push({atMs: Date.now(), text})
    if (this.#logs.length > LOG_LINES_KEPT) this.#logs.shift()
    if (!this.#options.replicates) return
    const {state, event} = readLogLine(this.#log, text)
    this.#log = state
    this.#change(this.#linkOf(state))
    if (event !== null) this.#emit(event.kind, event.text)
  }

  #onExit(exit: NodeExit): void {
    const {state, pid} = this.#status
    this.#process = undefined
    this.#log = freshLog
    if (pid !== null) this.#options.watchdog.remove(pid)
    this.#change({state: state === 'stopping' ? 'stopped' : 'dead', pid: null, exit, ...this.#linkOf(freshLog)})
    if (state === 'stopping') this.#emit('stopped', `stopped, ${describeExit(exit)}`)
    else if (state !== 'dead') this.#emit('crashed', `died: ${describeExit(exit)}`)
  }

  #linkOf({link, role}: NodeLogState): Pick<NodeStatus, 'link' | 'role'> {
    return this.#options.replicates ? {link, role} : {link: 'none', role: 'none'}
  }

  #startError(cause: unknown, exit: NodeExit | null = null): unknown {
    if (cause instanceof RepbenchError) return cause
    const lastLines = exit === null ? [] : this.#linesOfThisStart().slice(-LAST_LINES_SHOWN)
    return new NodeStartError({node: this.name, problem: this.#problemOf(cause), exit, lastLines, cause})
  }

  #problemOf(cause: unknown): string {
    if (!(cause instanceof Error)) return String(cause)
    const {code = cause.message} = cause as NodeJS.ErrnoException
    return `a program that cannot be run: ${this.#options.command.program} (${code})`
  }

  #linesOfThisStart(): string[] {
    const {startedAtMs} = this.#status
    return this.#logs.filter(({atMs}) => startedAtMs !== null && atMs >= startedAtMs).map(({text}) => text.trim())
  }

  #change(change: Partial<NodeStatus>): void {
    this.#status = {...this.#status, ...change}
  }

  #emit(kind: NodeEventKind, text: string): void {
    const event: NodeEvent = {monotonicMs: performance.now(), atMs: Date.now(), node: this.name, kind, text}
    for (const listener of this.#listeners) listener(event)
  }
}

async function answersVersion(address: Address, options: AskOptions): Promise<boolean> {
  return askNode(address, 'version', options).then(
    lines => lines[0]?.startsWith('VERSION ') ?? false,
    () => false,
  )
}

function describeExit({code, signal}: NodeExit): string {
  return signal === null ? `exit code ${code}` : `ended by ${signal}`
}
