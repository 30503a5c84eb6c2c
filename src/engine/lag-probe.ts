import {randomBytes} from 'node:crypto'
import {connect, type Socket} from 'node:net'
import type {Address} from '../protocol/address.js'
import type {ReplyKind} from '../protocol/reply-kind.js'
import {ReplyParser} from '../protocol/reply-parser.js'
import {LatencyRecorder} from './latency.js'
import {LatencyMerge} from './latency-summary.js'
import type {LatencySummary} from './run-events.js'

export type LagDirection = 'aToB' | 'bToA'

export interface LagSample {
  readonly direction: LagDirection
  /** When the write was acknowledged, on performance.now(). */
  readonly atMs: number
  /** From STORED on one node to visible on the other; null when it was not seen in time. */
  readonly lagUs: number | null
}

export interface LagProbeOptions {
  readonly a: Address
  readonly b: Address
  /** From the end of one probe to the next. @default 100 */
  readonly intervalMs?: number
  /** A write that is not seen for so long has not crossed. @default 2000 */
  readonly limitMs?: number
  readonly onSample?: (sample: LagSample) => void
}

/** Looks as often as it can for so long, then less often: a long lag need not be known to the microsecond. */
const EAGER_MS = 2
const EXPTIME_SECONDS = 60
const CONNECT_LIMIT_MS = 500
/** At least; a probe may go on for days. */
const SAMPLES_KEPT = 10_000

/**
 * Measures how far each node of a pair lags behind the other: writes a key of
 * its own on one and looks for it on the other until it is there, both ways in
 * turn, on connections of its own. Goes on while nodes are away.
 */
export class LagProbe {
  readonly #options: Required<LagProbeOptions>
  readonly #key = `repbench:lag:${randomBytes(4).toString('hex')}`
  readonly #recorders = {aToB: new LatencyRecorder(), bToA: new LatencyRecorder()}
  readonly #merges = {aToB: new LatencyMerge(), bToA: new LatencyMerge()}
  readonly #notCrossed = {aToB: 0, bToA: 0}
  /** When the newest write that crossed was acknowledged. */
  readonly #lastCrossedMs = {aToB: Number.NEGATIVE_INFINITY, bToA: Number.NEGATIVE_INFINITY}
  readonly #samples: LagSample[] = []
  readonly #nodes: {readonly a: ProbedNode; readonly b: ProbedNode}
  #running = true
  #sequence = 0
  readonly #done: Promise<void>

  constructor(options: LagProbeOptions) {
    this.#options = {intervalMs: 100, limitMs: 2000, onSample: () => {}, ...options}
    this.#nodes = {a: new ProbedNode(options.a), b: new ProbedNode(options.b)}
    this.#done = this.#run()
  }

  /** The newest samples, oldest first. */
  get samples(): readonly LagSample[] {
    return this.#samples
  }

  /** Whether writes that were acknowledged after a moment have crossed both ways. */
  crossedSince(atMs: number): boolean {
    return this.#lastCrossedMs.aToB >= atMs && this.#lastCrossedMs.bToA >= atMs
  }

  /** The longest lag of a write that was acknowledged since a moment and has crossed, in ms; 0 when none has. */
  worstLagMs(atMs: number): number {
    let worstUs = 0
    for (let i = this.#samples.length - 1; i >= 0 && this.#samples[i]!.atMs >= atMs; i--) {
      worstUs = Math.max(worstUs, this.#samples[i]!.lagUs ?? 0)
    }
    return worstUs / 1000
  }

  summary(): Record<LagDirection, LatencySummary & {readonly notCrossed: number}> {
    const of = (direction: LagDirection) => {
      this.#merges[direction].add(this.#recorders[direction].take())
      return {...this.#merges[direction].summary(), notCrossed: this.#notCrossed[direction]}
    }
    return {aToB: of('aToB'), bToA: of('bToA')}
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
    if (lagUs === null) this.#notCrossed[direction]++
    else {
      this.#recorders[direction].recordMs(lagUs / 1000)
      this.#lastCrossedMs[direction] = atMs
    }
    const sample = {direction, atMs, lagUs}
    this.#samples.push(sample)
    if (this.#samples.length > 2 * SAMPLES_KEPT) this.#samples.splice(0, SAMPLES_KEPT)
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
  #socket: Socket | undefined
  #answer: ((reply: Reply | null) => void) | undefined
  #data = ''

  constructor(address: Address) {
    this.#address = address
  }

  /** @returns null when the node did not answer */
  ask(command: string): Promise<Reply | null> {
    const socket = this.#socket ?? this.#connect()
    const {promise, resolve} = Promise.withResolvers<Reply | null>()
    this.#answer = resolve
    this.#data = ''
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
      onReply: kind => this.#settle({kind, data: this.#data}),
    })
    // A frozen node takes connections and questions, and answers neither.
    socket.setTimeout(CONNECT_LIMIT_MS, () => socket.destroy())
    socket.on('data', (chunk: Buffer) => parser.push(chunk))
    // The close that follows says the same.
    socket.on('error', () => {})
    socket.on('close', () => {
      if (this.#socket !== socket) return
      this.#socket = undefined
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
