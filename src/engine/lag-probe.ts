import {randomBytes} from 'node:crypto'
import {connect, type Socket} from 'node:net'
import type {Address} from '../protocol/address.js'
import type {ReplyKind} from '../protocol/reply-kind.js'
import {ReplyParser} from '../protocol/reply-parser.js'
import {type LagDirection, LagRecord, type LagSample} from './lag-record.js'

/** Told of what a probe asks a node, so that it can be taken out of the node's figures. */
export interface ProbeObserver {
  asked(requestBytes: number): void
  answered(reply: {readonly write: boolean; readonly hit: boolean; readonly bytes: number}): void
  /** There will be no answer. */
  failed(): void
}

export interface LagProbeOptions {
  readonly a: Address
  readonly b: Address
  /** From the end of one probe to the next. @default 100 */
  readonly intervalMs?: number
  /** A write that is not seen for so long has not crossed. @default 2000 */
  readonly limitMs?: number
  readonly onSample?: (sample: LagSample) => void
  /** Of a, and of b. */
  readonly observers?: readonly [ProbeObserver, ProbeObserver]
}

/** A probe that runs, here or elsewhere. */
export interface RunningLagProbe {
  /** What it has seen. */
  readonly record: Omit<LagRecord, 'add'>
  stop(): Promise<void>
}

export type StartLagProbe = (options: Pick<LagProbeOptions, 'a' | 'b' | 'onSample'>) => RunningLagProbe

const nobody: ProbeObserver = {asked() {}, answered() {}, failed() {}}

/** Looks as often as it can for so long, then less often: a long lag need not be known to the microsecond. */
const EAGER_MS = 2
const EXPTIME_SECONDS = 60
const CONNECT_LIMIT_MS = 500

/**
 * Measures how far each node of a pair lags behind the other: writes a key of
 * its own on one and looks for it on the other until it is there, both ways in
 * turn, on connections of its own. Goes on while nodes are away.
 */
export class LagProbe implements RunningLagProbe {
  readonly record = new LagRecord()
  readonly #options: Required<Omit<LagProbeOptions, 'observers'>>
  readonly #key = `repbench:lag:${randomBytes(4).toString('hex')}`
  readonly #nodes: {readonly a: ProbedNode; readonly b: ProbedNode}
  #running = true
  #sequence = 0
  readonly #done: Promise<void>

  constructor(options: LagProbeOptions) {
    this.#options = {intervalMs: 100, limitMs: 2000, onSample: () => {}, ...options}
    const [a, b] = options.observers ?? [nobody, nobody]
    this.#nodes = {a: new ProbedNode(options.a, a), b: new ProbedNode(options.b, b)}
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#running = false
    this.#nodes.a.close()
    this.#nodes.b.close()
    await this.#done
  }

  async #run(): Promise<void> {
    const {a, b} = this.#nodes
    while (this.#running) {
      await this.#probe('aToB', a, b)
      if (this.#running) await this.#probe('bToA', b, a)
      if (this.#running) await pause(this.#options.intervalMs)
    }
  }

  async #probe(direction: LagDirection, from: ProbedNode, to: ProbedNode): Promise<void> {
    const {limitMs, onSample} = this.#options
    const key = `${this.#key}:${direction}`
    const value = String(++this.#sequence)
    const stored = await from.ask(`set ${key} 0 ${EXPTIME_SECONDS} ${value.length}\r\n${value}`)
    if (stored?.kind !== 'stored') return
    const atMs = performance.now()
    let lagUs: number | null = null
    for (let waitedMs = 0; lagUs === null && waitedMs < limitMs && this.#running; ) {
      const reply = await to.ask(`get ${key}`)
      waitedMs = performance.now() - atMs
      if (reply?.data === value) lagUs = waitedMs * 1000
      else if (reply === null || waitedMs > EAGER_MS) await pause(Math.min(20, Math.max(1, waitedMs / 20)))
    }
    if (lagUs === null && !this.#running) return
    const sample = {direction, atMs, lagUs}
    this.record.add(sample)
    onSample(sample)
  }
}

interface Reply {
  readonly kind: ReplyKind
  readonly data: string
}

/** One node on one connection, opened again whenever it is gone; one question at a time. */
class ProbedNode {
  readonly #address: Address
  readonly #observer: ProbeObserver
  #socket: Socket | undefined
  #answer: ((reply: Reply | null) => void) | undefined
  #data = ''
  #isWrite = false

  constructor(address: Address, observer: ProbeObserver) {
    this.#address = address
    this.#observer = observer
  }

  /** @returns null when the node did not answer */
  ask(command: string): Promise<Reply | null> {
    const socket = this.#socket ?? this.#connect()
    const {promise, resolve} = Promise.withResolvers<Reply | null>()
    this.#answer = resolve
    this.#data = ''
    this.#isWrite = command.startsWith('set ')
    this.#observer.asked(command.length + 2)
    socket.write(`${command}\r\n`)
    return promise
  }

  close(): void {
    this.#socket?.destroy()
  }

  #connect(): Socket {
    const socket = connect({host: this.#address.host, port: this.#address.port, noDelay: true})
    const parser = new ReplyParser({
      onData: (bytes, start, end) => {
        this.#data += Buffer.from(bytes.subarray(start, end)).toString('latin1')
      },
      onReply: kind => {
        this.#observer.answered({write: this.#isWrite, hit: this.#data !== '', bytes: parser.replyBytes})
        this.#settle({kind, data: this.#data})
      },
    })
    // A frozen node takes connections and questions, and answers neither.
    socket.setTimeout(CONNECT_LIMIT_MS, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => parser.push(chunk))
    // The close that follows says the same.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
      if (this.#answer !== undefined) this.#observer.failed()
      this.#settle(null)
    })
    this.#socket = socket
    return socket
  }

  #settle(reply: Reply | null): void {
    const answer = this.#answer
    this.#answer = undefined
    answer?.(reply)
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}
