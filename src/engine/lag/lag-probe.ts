import {randomBytes} from 'node:crypto'
import {isMainThread} from 'node:worker_threads'
import {OwnTraffic} from '../../ask/own-traffic.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {ProbeEvidence} from '../../server/node-api/pair-probe.js'
import type {LagEvent, ProbeCounts} from './lag-event.js'
import {LagRecord, type LagRecordView} from './lag-record.js'
import {ProbeConnection} from './probe-connection.js'
import {ProbeDirection} from './probe-direction.js'

interface ProbedAddress {
  readonly address: Address
  /** For messages. @default the address */
  readonly name?: string
  /** Counts what the probe does to the node, besides the probe itself. */
  readonly traffic?: OwnTraffic | undefined
}

export interface LagProbeOptions {
  readonly a: ProbedAddress
  readonly b: ProbedAddress
  /** Time between two writes in one direction. @default 50 */
  readonly intervalMs?: number | undefined
  readonly onEvent?: (event: LagEvent) => void
  /** Called after every reply that may change the evidence. */
  readonly onEvidence?: () => void
  /** Of the first write; a probe that follows another one needs other numbers. @default 1 */
  readonly firstNumber?: number
}

export interface StopOptions {
  /** Wait for writes on their way while some still arrive, at most this long. @default 0 */
  readonly drainMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal | undefined
}

/** A running probe, on this thread or another. */
export interface RunningLagProbe {
  /** What it has seen. */
  readonly record: LagRecordView
  /** Ends it; then the record is final. */
  stop(options?: StopOptions): Promise<void>
}

interface StartLagProbeOptions {
  readonly a: Address
  readonly b: Address
  readonly onEvent?: (event: LagEvent) => void
}

export type StartLagProbe = (options: StartLagProbeOptions) => RunningLagProbe

/** Starts a probe on this thread. */
export const startLagProbe: StartLagProbe = ({a, b, onEvent}) =>
  new LagProbe({a: {address: a}, b: {address: b}, ...(onEvent === undefined ? {} : {onEvent})})

const INTERVAL_MS = 50
const PREFIX = 'repbench:probe:'
/** Time for the last answers. */
const DELETE_MS = 250
/** The wait ends when nothing has arrived for this long, and for as long as the last write took. */
const DRAIN_SILENCE_MS = 1000
const DRAIN_POLL_MS = 5
const CLOSE_POLL_MS = 1
/** Counts are told this often. */
const TELL_MS = 100
/** After a standstill of the machine no more overdue writes than this are sent. */
const CATCH_UP_MOST = 20

/**
 * Measures how far each node of a pair lags behind the other. In each direction it writes a key of its own by schedule,
 * whatever is still under way, and asks the other node for the key until it is there. Goes on while nodes are away.
 */
export class LagProbe implements RunningLagProbe {
  readonly record = new LagRecord()
  readonly #options: LagProbeOptions
  readonly #connections: readonly ProbeConnection[]
  /** What the probe has done to each node. */
  readonly #done: readonly [OwnTraffic, OwnTraffic]
  readonly #directions: readonly [ProbeDirection, ProbeDirection]
  readonly #schedules: readonly WriteSchedule[]
  readonly #timer: NodeJS.Timeout

  constructor(options: LagProbeOptions) {
    this.#options = options
    const {a, b, intervalMs = INTERVAL_MS} = options
    this.record.measuredOn(isMainThread ? 'mainThread' : 'probeThread')
    this.#done = [new OwnTraffic(), new OwnTraffic()]
    const [doneToA, doneToB] = this.#done
    const open = ({address, traffic}: ProbedAddress, done: OwnTraffic) =>
      new ProbeConnection(address, traffic === undefined ? [done] : [done, traffic])
    // Each direction has its own two connections: a wait in one does not hold up the other.
    const ab = {writer: open(a, doneToA), reader: open(b, doneToB)}
    const ba = {writer: open(b, doneToB), reader: open(a, doneToA)}
    this.#connections = [ab.writer, ab.reader, ba.writer, ba.reader]
    const own = `${PREFIX}${randomBytes(4).toString('hex')}`
    const common = {
      firstNumber: options.firstNumber ?? 1,
      onEvent: (event: LagEvent) => this.#tell(event),
      onEvidence: () => options.onEvidence?.(),
    }
    this.#directions = [
      new ProbeDirection({...common, ...ab, direction: 'aToB', writerName: nameOf(a), keyPrefix: `${own}:1:`}),
      new ProbeDirection({...common, ...ba, direction: 'bToA', writerName: nameOf(b), keyPrefix: `${own}:2:`}),
    ]
    // Half an interval apart, so that the reads of both directions do not meet.
    this.#schedules = this.#directions.map(
      (direction, index) =>
        new WriteSchedule({write: () => direction.write(), intervalMs, offsetMs: (index * intervalMs) / 2}),
    )
    this.#timer = setInterval(() => this.#tellAsOf(performance.now()), TELL_MS)
  }

  /** From the first node to the second, and back. */
  get evidence(): readonly [ProbeEvidence, ProbeEvidence] {
    return [this.#directions[0].evidence, this.#directions[1].evidence]
  }

  async stop({drainMs = 0, signal}: StopOptions = {}): Promise<void> {
    for (const schedule of this.#schedules) schedule.stop()
    await this.#drain(drainMs, signal)
    const endMs = performance.now()
    for (const direction of this.#directions) direction.close()
    await this.#answered(endMs + DELETE_MS)
    clearInterval(this.#timer)
    for (const connection of this.#connections) connection.drop()
    this.#tellAsOf(endMs)
    this.record.end(endMs)
  }

  async #drain(drainMs: number, signal: AbortSignal | undefined): Promise<void> {
    const startMs = performance.now()
    const mayArrive = (direction: ProbeDirection) => {
      const {atMs, lagMs} = direction.lastArrival
      const silentMs = performance.now() - Math.max(startMs, atMs)
      return direction.isWaiting && silentMs < Math.max(DRAIN_SILENCE_MS, lagMs)
    }
    while (performance.now() - startMs < drainMs && signal?.aborted !== true && this.#directions.some(mayArrive)) {
      await pause(DRAIN_POLL_MS)
    }
  }

  #tellAsOf(atMs: number): void {
    const [a, b] = this.#done
    const counts = {a: countsOf(a), b: countsOf(b)}
    // This record has had all events already, and needs only the counts.
    this.record.counted(counts)
    this.#options.onEvent?.({type: 'asOf', atMs, ...counts})
  }

  #tell(event: LagEvent): void {
    this.record.take(event)
    this.#options.onEvent?.(event)
  }

  /** Waits until all requests are answered: only then is it known what the nodes have counted. */
  async #answered(untilMs: number): Promise<void> {
    while (performance.now() < untilMs && this.#connections.some(({waitingSinceMs}) => waitingSinceMs !== null)) {
      await pause(CLOSE_POLL_MS)
    }
  }
}

function pause(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms))
}

function countsOf(done: OwnTraffic): ProbeCounts {
  const {sets, gets, deletes} = done.counts()
  return {connections: done.connectionsMade, sets, gets, deletes}
}

function nameOf({name, address}: ProbedAddress): string {
  return name ?? formatAddress(address)
}

/** Calls a function at fixed times, however late the calls before were. */
class WriteSchedule {
  readonly #options: {readonly write: () => void; readonly intervalMs: number; readonly offsetMs: number}
  #dueMs: number
  #timer: NodeJS.Timeout | undefined

  constructor(options: {write: () => void; intervalMs: number; offsetMs: number}) {
    this.#options = options
    this.#dueMs = performance.now() + options.offsetMs
    this.#wait()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #wait(): void {
    this.#timer = setTimeout(() => this.#call(), Math.max(0, this.#dueMs - performance.now()))
  }

  #call(): void {
    const {write, intervalMs} = this.#options
    const nowMs = performance.now()
    const missed = Math.floor((nowMs - this.#dueMs) / intervalMs) - CATCH_UP_MOST
    if (missed > 0) this.#dueMs += missed * intervalMs
    // A timer may be a little early.
    for (; this.#dueMs <= nowMs + 1; this.#dueMs += intervalMs) write()
    this.#wait()
  }
}
