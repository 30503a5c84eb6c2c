import type {AskOptions} from '../../ask/ask-once.js'
import {askStats} from '../../ask/ask-stats.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {RepbenchError} from '../../protocol/errors.js'
import type {ClusterNode, LogLine, NodeExit, NodeStatus} from '../node-api/cluster-node.js'
import {NodeStartError, NodeStateError} from '../node-api/node-errors.js'
import type {NodeEventKind} from '../node-api/node-event.js'
import {NodeEvents} from '../node-api/node-events.js'
import {type ProcessCommand, shellLine} from '../programs/process-args.js'
import {assertCanListen} from '../system/free-port.js'
import {NodeJournal} from './node-journal.js'
import {freshLog, type LogFinding, type NodeLogState, readLogLine} from './node-log.js'
import {SupervisedProcess} from './supervised-process.js'
import {waitUntilReady} from './wait-until-ready.js'
import type {Watchdog} from './watchdog.js'

const LAST_LINES_SHOWN = 3
/** What a node may repeat for every client is told once in so long. */
const REPEAT_AFTER_MS = 10_000
const endOfLink: ReadonlySet<NodeEventKind> = new Set(['linkLost', 'dialFailed', 'listening'])
const repeated: ReadonlySet<NodeEventKind> = new Set(['tooManyConnections', 'outOfMemory', 'sendError', 'linkFault'])

export interface ProcessNodeOptions {
  readonly name: string
  readonly backend: string
  readonly address: Address
  readonly command: ProcessCommand
  /** Whether its log tells of a replication link. */
  readonly replicates: boolean
  readonly watchdog: Watchdog
  /** How long a node may take to open its client port; a joiner opens it after its full sync. @default 60_000 */
  readonly readyTimeoutMs?: number
  /** From SIGTERM to SIGKILL. @default 3000 */
  readonly stopGraceMs?: number
  /** Where its log is kept. @default nowhere but in memory */
  readonly logFile?: string | null
}

/** A node that runs as a process of its own, under supervision. */
export class ProcessNode implements ClusterNode {
  readonly name: string
  readonly backend: string
  readonly supervised = true
  readonly address: Address
  readonly commandLine: string
  readonly onEvent: ClusterNode['onEvent']
  readonly report: ClusterNode['report']
  readonly #options: Required<ProcessNodeOptions>
  readonly #journal: NodeJournal
  /** When each kind of `repeated` was told last, monotonic ms. */
  readonly #toldAtMs = new Map<NodeEventKind, number>()
  #process: SupervisedProcess | undefined
  #log: NodeLogState = freshLog
  #status: NodeStatus

  constructor(options: ProcessNodeOptions) {
    this.#options = {readyTimeoutMs: 60_000, stopGraceMs: 3000, logFile: null, ...options}
    this.#journal = new NodeJournal(this.#options.logFile)
    this.name = options.name
    const {onEvent, report} = new NodeEvents(options.name)
    this.onEvent = onEvent
    this.report = report
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
    return this.#journal.lines()
  }

  get logFile(): string | null {
    return this.#journal.path
  }

  stats(options?: AskOptions): Promise<ReadonlyMap<string, string>> {
    return askStats(this.address, options)
  }

  async start({signal}: {signal?: AbortSignal} = {}): Promise<void> {
    const before = this.#status
    if (before.state !== 'stopped' && before.state !== 'dead') {
      throw new NodeStateError(`cannot start ${this.name}: it is ${before.state}; stop it first`)
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
    this.report('ready', `answers on ${formatAddress(this.address)}`)
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
    this.report('killed', `killed by the operator (SIGKILL), pid ${running.pid}`)
    this.#change({state: 'dead'})
    running.signal('SIGKILL')
    await running.ended
  }

  pause(): void {
    if (this.#status.state !== 'up' || this.#process?.signal('SIGSTOP') !== true) return
    this.#change({state: 'paused'})
    this.report('paused', 'frozen by the operator (SIGSTOP)')
  }

  resume(): void {
    if (this.#status.state !== 'paused' || this.#process?.signal('SIGCONT') !== true) return
    this.#change({state: 'up'})
    this.report('resumed', 'thawed by the operator (SIGCONT)')
  }

  async #spawn(): Promise<void> {
    this.#log = freshLog
    this.#process = await SupervisedProcess.spawn(this.#options.command, {
      onLines: lines => this.#readLines(lines),
      onExit: exit => this.#onExit(exit),
    })
    const {pid} = this.#process
    this.#toldAtMs.clear()
    this.#options.watchdog.add({pid, name: this.name, commandLine: this.commandLine})
    this.#change({pid, startedAtMs: Date.now(), exit: null, ...this.#linkOf(this.#log)})
    this.report('started', `started, pid ${pid}`)
  }

  /** Ready = the client port answers; the process may die before, or never open it. */
  async #waitUntilReady(signal?: AbortSignal): Promise<void> {
    const running = this.#process
    if (running === undefined) throw this.#startError('a process that ended at once')
    const {readyTimeoutMs: timeoutMs} = this.#options
    const findProblem = () =>
      this.#log.link === 'orphaned' ? 'a node that cannot listen on its replication port, and so never serves' : null
    const problem = await waitUntilReady({address: this.address, timeoutMs, ended: running.ended, findProblem, signal})
    if (problem === null) return
    if (problem.kind === 'hopeless') {
      const syncs = this.#log.link === 'syncing' ? ' (it waits for the full sync of its peer)' : ''
      this.#change({state: 'stopping'})
      running.signal('SIGKILL')
      throw this.#startError(`${problem.text}${syncs}`, await running.ended)
    }
    throw this.#startError(describeExit(await running.ended), await running.ended)
  }

  #readLines(texts: readonly string[]): void {
    this.#journal.append(texts)
    for (const text of texts) {
      // A repcached without a peer logs a link that is not used.
      if (text.startsWith('replication: ') && !this.#options.replicates) continue
      const {state, event} = readLogLine(this.#log, text)
      this.#log = state
      this.#change(this.#linkOf(state))
      if (event !== null) this.#tell(event)
    }
  }

  #tell({kind, text, facts}: LogFinding): void {
    // What it says of its link while it ends because it was told to is no news.
    if (this.#status.state === 'stopping' && endOfLink.has(kind)) return
    if (repeated.has(kind)) {
      const nowMs = performance.now()
      if (nowMs - (this.#toldAtMs.get(kind) ?? Number.NEGATIVE_INFINITY) < REPEAT_AFTER_MS) return
      this.#toldAtMs.set(kind, nowMs)
    }
    this.report(kind, text, facts)
  }

  #onExit(exit: NodeExit): void {
    const {state, pid} = this.#status
    this.#process = undefined
    this.#log = freshLog
    if (pid !== null) this.#options.watchdog.remove(pid)
    this.#change({state: state === 'stopping' ? 'stopped' : 'dead', pid: null, exit, ...this.#linkOf(freshLog)})
    const {code, signal} = exit
    if (state === 'stopping') this.report('stopped', `stopped, ${describeExit(exit)}`, {code, signal})
    else if (state !== 'dead')
      this.report('crashed', `died: ${describeExit(exit)}${this.#lastWords(exit)}`, {code, signal})
  }

  /** A program that ends by itself mostly says why; one that a signal ends has no time to. */
  #lastWords({code}: NodeExit): string {
    const {startedAtMs: since} = this.#status
    const [line] = code === null || code === 0 ? [] : this.#journal.lastLines({since, count: 1})
    return line === undefined ? '' : `, saying: ${line}`
  }

  #linkOf({link, role}: NodeLogState): Pick<NodeStatus, 'link' | 'role'> {
    return this.#options.replicates ? {link, role} : {link: 'none', role: 'none'}
  }

  #startError(cause: unknown, exit: NodeExit | null = null): unknown {
    if (cause instanceof RepbenchError) return cause
    const since = this.#status.startedAtMs
    const lastLines = exit === null ? [] : this.#journal.lastLines({since, count: LAST_LINES_SHOWN})
    return new NodeStartError({node: this.name, problem: this.#problemOf(cause), exit, lastLines, cause})
  }

  #problemOf(cause: unknown): string {
    if (!(cause instanceof Error)) return String(cause)
    const {code = cause.message} = cause as NodeJS.ErrnoException
    return `a program that cannot be run: ${this.#options.command.program} (${code})`
  }

  #change(change: Partial<NodeStatus>): void {
    this.#status = {...this.#status, ...change}
  }
}

function describeExit({code, signal}: NodeExit): string {
  return signal === null ? `exit code ${code}` : `ended by ${signal}`
}
