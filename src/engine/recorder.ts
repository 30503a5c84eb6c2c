import type {ReplyKind} from '../protocol/reply-kind.js'
import {addTo, bookReply, emptyTally, type Tally} from './accounts.js'
import type {Connection} from './connection.js'
import {type LatencyDelta, LatencyRecorder} from './latency.js'
import {type Method, methods} from './methods.js'
import type {LoadPlan} from './plan.js'

/** A call that leaves later than this, though its socket was free when it was due, was held up by the generator itself. */
const LATE_CALL_MS = 1

/** What one load thread measured: counts since the start, latencies since the last delta. */
export interface LoadDelta {
  /** Since the start of the load; 0 before it. */
  readonly elapsedMs: number
  readonly intended: number
  readonly unsent: number
  readonly tally: Tally
  readonly connectionsOpen: number
  readonly connectionsOpened: number
  readonly connectionErrors: Readonly<Record<string, number>>
  readonly bytesIn: number
  readonly bytesOut: number
  /** Calls that the generator itself held up for more than LATE_CALL_MS. */
  readonly lateCalls: number
  /** Response time of each entry of the plan's mix: intended start → complete reply. */
  readonly response: readonly LatencyDelta[]
  /** Send → first byte of the reply. */
  readonly service: LatencyDelta
  /** Intended start → send; empty in a closed loop. */
  readonly slip: LatencyDelta
}

/** The books of one load thread. */
export class Recorder {
  readonly tally: Tally = emptyTally()
  readonly connectionErrors: Record<string, number> = {}
  connectionsOpen = 0
  connectionsOpened = 0
  bytesIn = 0
  bytesOut = 0
  readonly #methods: readonly Method[]
  readonly #openLoop: boolean
  readonly #response: readonly LatencyRecorder[]
  readonly #service = new LatencyRecorder()
  readonly #slip = new LatencyRecorder()
  #lateCalls = 0

  constructor(plan: LoadPlan) {
    this.#methods = plan.mix.map(({method}) => methods[method])
    this.#openLoop = plan.ratePerSecond > 0
    this.#response = plan.mix.map(() => new LatencyRecorder())
  }

  sent(connection: Connection, intendedMs: number, sentMs: number): void {
    this.tally.sent++
    if (!this.#openLoop) return
    this.#slip.recordMs(sentMs - intendedMs)
    // Due before the socket took bytes again: the server held it up.
    if (intendedMs > connection.sinceMs && sentMs - intendedMs > LATE_CALL_MS) this.#lateCalls++
  }

  /** Books the reply to the connection's oldest call. */
  replied(connection: Connection, reply: {kind: ReplyKind; values: number; nowMs: number}): void {
    const {pending} = connection
    const {kind, values, nowMs} = reply
    const method = pending.method
    this.#response[method]!.recordMs(nowMs - pending.intendedMs)
    this.#service.recordMs((connection.firstByteMs || nowMs) - pending.sentMs)
    // The commonest case without the cost of an object.
    if (kind === 'stored' && this.#methods[method]!.ok === 'stored') this.tally.ok++
    else {
      const line = (): string => connection.parser.lastLine()
      bookReply(this.tally, {method: this.#methods[method]!, kind, values, line})
    }
    pending.shift()
  }

  /** Books the calls of a connection that were sent before a moment as timed out. */
  timedOut(connection: Connection, sentBeforeMs: number): void {
    const {pending} = connection
    for (; pending.count > 0 && pending.sentMs <= sentBeforeMs; pending.shift()) this.tally.timedOut++
  }

  connectionClosed(connection: Connection, failure: string | null): void {
    this.tally.lostWithConnection += connection.pending.count
    connection.pending.count = 0
    if (failure !== null) addTo(this.connectionErrors, failure)
  }

  takeDelta(outside: Pick<LoadDelta, 'elapsedMs' | 'intended' | 'unsent'>): LoadDelta {
    return {
      ...outside,
      tally: {...this.tally, errors: {...this.tally.errors}},
      connectionsOpen: this.connectionsOpen,
      connectionsOpened: this.connectionsOpened,
      connectionErrors: {...this.connectionErrors},
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      lateCalls: this.#lateCalls,
      response: this.#response.map(recorder => recorder.take()),
      service: this.#service.take(),
      slip: this.#slip.take(),
    }
  }
}
