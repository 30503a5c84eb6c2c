import type {ReplyKind} from '../protocol/reply-kind.js'
import {addTo, bookReply, emptyTally, type Tally} from './accounts.js'
import {isNoOperation, methodOf} from './call-marks.js'
import type {Connection} from './connection.js'
import {type LatencyDelta, LatencyRecorder} from './latency.js'
import {type Method, methods} from './methods.js'
import {isOpenLoop, type LoadPlan} from './plan.js'
import type {Verification} from './verify/verification.js'

/** A call that leaves later than this, though its socket was free when it was due, was held up by the generator itself. */
const LATE_CALL_MS = 1

/** What one load thread measured: counts since the start, latencies since the last delta. */
export interface LoadDelta {
  /** Since the start of the load; 0 before it. */
  readonly elapsedMs: number
  readonly intended: number
  readonly unsent: number
  readonly tally: Tally
  /** Keys of all answered reads, and those of them that were there. */
  readonly keysRead: number
  readonly keysFound: number
  /** Null without verification. */
  readonly verification: Verification | null
  readonly connections: ConnectionCounts
  readonly connectionErrors: Readonly<Record<string, number>>
  readonly bytesIn: number
  readonly bytesOut: number
  /** Calls that the generator itself held up for more than LATE_CALL_MS. */
  readonly lateCalls: number
  /** Response time of each entry of the plan's mix: intended start → complete reply. */
  readonly response: readonly LatencyDelta[]
  /**
   * Service time, likewise: first byte of the reply, from the send; in an open
   * loop from the complete reply before it on its connection, where that came
   * later. So a server that stalls shows once, not in every call behind.
   */
  readonly service: readonly LatencyDelta[]
  /** Intended start → send; empty in a closed loop. */
  readonly slip: LatencyDelta
}

export interface ConnectionCounts {
  open: number
  /** For the first time. */
  opened: number
  reopened: number
  failedOver: number
  failedBack: number
}

/** The books of one load thread. */
export class Recorder {
  readonly tally: Tally = emptyTally()
  readonly connectionErrors: Record<string, number> = {}
  readonly connections: ConnectionCounts = {open: 0, opened: 0, reopened: 0, failedOver: 0, failedBack: 0}
  bytesIn = 0
  bytesOut = 0
  /** Calls that wait for their replies. */
  underWay = 0
  readonly #methods: readonly Method[]
  readonly #openLoop: boolean
  readonly #response: readonly LatencyRecorder[]
  readonly #service: readonly LatencyRecorder[]
  readonly #slip = new LatencyRecorder()
  #keysRead = 0
  #keysFound = 0
  #lateCalls = 0

  constructor(plan: LoadPlan) {
    this.#methods = plan.mix.map(({method}) => methods[method])
    this.#openLoop = isOpenLoop(plan)
    this.#response = plan.mix.map(() => new LatencyRecorder())
    this.#service = plan.mix.map(() => new LatencyRecorder())
  }

  sent(connection: Connection, intendedMs: number, sentMs: number): void {
    this.tally.sent++
    this.underWay++
    if (!this.#openLoop) return
    this.#slip.recordMs(sentMs - intendedMs)
    // Due before the socket took bytes again: the server held it up.
    if (intendedMs > connection.sinceMs && sentMs - intendedMs > LATE_CALL_MS) this.#lateCalls++
  }

  /** Books a call that gets no reply: complete as it was sent. @param responseMs from its intended start to that */
  completedUnanswered(method: number, responseMs: number): void {
    this.underWay--
    this.tally.ok++
    this.#response[method]!.recordMs(responseMs)
  }

  /** Books the reply to the connection's oldest call. */
  replied(connection: Connection, reply: {kind: ReplyKind; values: number; nowMs: number}): void {
    const {pending, firstByteMs, repliedMs} = connection
    const {kind, values, nowMs} = reply
    const place = methodOf(pending.method)
    const method = this.#methods[place]!
    this.#response[place]!.recordMs(nowMs - pending.intendedMs)
    const servedFromMs = this.#openLoop ? Math.max(pending.sentMs, repliedMs) : pending.sentMs
    this.#service[place]!.recordMs((firstByteMs || nowMs) - servedFromMs)
    if (method.reads && kind === 'end') {
      this.#keysRead += pending.size
      this.#keysFound += values
    }
    // The commonest case without the cost of an object.
    if (kind === 'stored' && method.ok === 'stored') this.tally.ok++
    else bookReply(this.tally, {method, kind, values, line: () => connection.parser.lastLine()})
    this.underWay--
    pending.shift()
  }

  /** Books that the server refused a command that wanted no reply: it had been taken for done. */
  refusedUnanswered(line: () => string): void {
    if (this.tally.ok > 0) this.tally.ok--
    bookReply(this.tally, {method: methods.set, kind: 'server_error', values: 0, line})
  }

  /** Books the calls of a connection that were sent before a moment as timed out. */
  timedOut(connection: Connection, sentBeforeMs: number): void {
    const {pending} = connection
    for (; pending.count > 0 && pending.sentMs <= sentBeforeMs; pending.shift()) {
      if (isNoOperation(pending.method)) continue
      this.tally.timedOut++
      this.underWay--
    }
  }

  connectionClosed(connection: Connection, failure: string | null): void {
    const {pending} = connection
    for (; pending.count > 0; pending.shift()) {
      if (isNoOperation(pending.method)) continue
      this.tally.lostWithConnection++
      this.underWay--
    }
    if (failure !== null) addTo(this.connectionErrors, failure)
  }

  takeDelta(outside: Pick<LoadDelta, 'elapsedMs' | 'intended' | 'unsent' | 'verification'>): LoadDelta {
    return {
      ...outside,
      tally: {...this.tally, errors: {...this.tally.errors}},
      keysRead: this.#keysRead,
      keysFound: this.#keysFound,
      connections: {...this.connections},
      connectionErrors: {...this.connectionErrors},
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      lateCalls: this.#lateCalls,
      response: this.#response.map(recorder => recorder.take()),
      service: this.#service.map(recorder => recorder.take()),
      slip: this.#slip.take(),
    }
  }
}
