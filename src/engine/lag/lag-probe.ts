import {randomBytes} from 'node:crypto'
import {OwnTraffic} from '../../ask/own-traffic.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {ProbeEvidence} from '../../server/node-api/pair-probe.js'
import type {LagEvent, ProbeCounts} from './lag-event.js'
import {LagRecord, type LagRecordView} from './lag-record.js'
import {ProbeConnection} from './probe-connection.js'
import {ProbeDirection} from './probe-direction.js'
import {WriteSchedule} from './write-schedule.js'

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
  /** From one write to the next in each direction. @default 50 */
  readonly intervalMs?: number | undefined
  readonly onEvent?: (event: LagEvent) => void
  /** Called after every reply that may change the evidence. */
  readonly onEvidence?: () => void
  /** Of the first write: a probe that follows another one goes on with other numbers. @default 1 */
  readonly firstNumber?: number
}

export interface StopOptions {
  /** Wait for what is on its way while writes still arrive, but no longer than that. @default 0 */
  readonly drainMs?: number
  /** Ends that wait. */
  readonly signal?: AbortSignal | undefined
}

/** A probe that runs, here or elsewhere. */
export interface RunningLagProbe {
  /** What it has seen. */
  readonly record: LagRecordView
  /** Ends it; the record is final then. */
  stop(options?: StopOptions): Promise<void>
}

interface StartLagProbeOptions {
  readonly a: Address
  readonly b: Address
  readonly onEvent?: (event: LagEvent) => void
}

export type StartLagProbe = (options: StartLagProbeOptions) => RunningLagProbe

/** On this thread. */
export const startLagProbe: StartLagProbe = ({a, b, onEvent}) =>
  new LagProbe({a: {address: a}, b: {address: b}, ...(onEvent === undefined ? {} : {onEvent})})

const INTERVAL_MS = 50
const PREFIX = 'repbench:probe:'
/** For the last answers. */
const DELETE_MS = 250
/** Where nothing has arrived for so long, or for as long as the last write took, nothing is waited for. */
const DRAIN_SILENCE_MS = 1000
const DRAIN_POLL_MS = 5
const CLOSE_POLL_MS = 1
/** When what has been asked is told at least. */
const TELL_MS = 100

/**
 * Measures how far each node of a pair lags behind the other, on connections of its own: in each direction a write of
 * its own key leaves by schedule, whatever is still under way, and is looked for on the other node until it is there.
 * Goes on while nodes are away.
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
    this.#done = [new OwnTraffic(), new OwnTraffic()]
    const [doneToA, doneToB] = this.#done
    const open = ({address, traffic}: ProbedAddress, done: OwnTraffic) =>
      new ProbeConnection(address, traffic === undefined ? [done] : [done, traffic])
    // Each direction has both to itself: what one of them waits for does not keep the other from asking.
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
    // Half an interval apart: the one direction's reads do not stand in the way of the other's.
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
    // The record here knows everything at once, and needs the counts alone.
    this.record.counted(counts)
    this.#options.onEvent?.({type: 'asOf', atMs, ...counts})
  }

  #tell(event: LagEvent): void {
    this.record.take(event)
    this.#options.onEvent?.(event)
  }

  /** Until all that was asked is answered: only so it is known what the nodes have counted. */
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
