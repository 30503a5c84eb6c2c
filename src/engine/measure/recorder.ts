import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type Method, methods} from '../data/methods.js'
import {isOpenLoop, type LoadPlan} from '../plan/plan.js'
import type {Verification} from '../verify/verification.js'
import {addKind, countReply, emptyTally, type Tally} from './accounts.js'
import {type LatencyDelta, LatencyRecorder} from './latency.js'
import {isNoOperation, methodOf, type PendingCalls} from './pending-calls.js'
import {noRequests, type RequestCount, type Requests} from './request-counts.js'
import {type StepDelta, StepRecorder} from './step-recorder.js'

/** A call sent later than this is late; by the generator itself, if its socket was free when it was due. */
const LATE_CALL_MS = 1

/** Measurements of one load thread: counts since the start, latencies since the last delta. */
export interface LoadDelta {
  /** Since the start of the load; 0 before it. */
  readonly elapsedMs: number
  readonly intended: number
  readonly unsent: number
  readonly tally: Tally
  /** Keys of all answered reads, and those of them that were found. */
  readonly keysRead: number
  readonly keysFound: number
  /** Null without verification. */
  readonly verification: Verification | null
  readonly connections: ConnectionCounts
  readonly connectionErrors: Readonly<Record<string, number>>
  readonly bytesIn: number
  readonly bytesOut: number
  /** Since the phase began. */
  readonly requests: Requests
  /** Calls that the generator itself sent more than LATE_CALL_MS late. */
  readonly lateCalls: number
  /** Calls that were late because their connection accepted nothing when they were due, or because of the backlog after that. */
  readonly heldUpCalls: number
  /** Time without anything to send or read. */
  readonly idleMs: number
  /** Response time of each entry of the plan's mix: intended start → complete reply. */
  readonly response: readonly LatencyDelta[]
  /**
   * Service time, likewise: send → complete reply, with any other calls in
   * flight on the connection. For a cas from the send of its first half to the
   * reply to its second.
   */
  readonly service: readonly LatencyDelta[]
  /** Both without the generator's own lateness: in sending the call, and the most in reading the reply. */
  readonly netResponse: readonly LatencyDelta[]
  readonly netService: readonly LatencyDelta[]
  /** Intended start → send, of calls whose connection was free; empty in a closed loop. */
  readonly slip: LatencyDelta
  /** For a load whose rate changes: counts since the last delta, by the steps in which calls were due. */
  readonly steps: readonly StepDelta[]
}

export interface ConnectionCounts {
  open: number
  /** Opened for the first time. */
  opened: number
  reopened: number
  failedOver: number
  failedBack: number
}

/** A connection as the recorder reads it. */
export interface RecordedConnection {
  readonly pending: PendingCalls
  /** When it was opened, or its socket last accepted bytes again. */
  readonly writableSinceMs: number
  /** The last line received. */
  lastLine(): string
}

/** Counts and latencies of one load thread. */
export class Recorder {
  readonly tally: Tally = emptyTally()
  readonly connectionErrors: Record<string, number> = {}
  readonly connections: ConnectionCounts = {open: 0, opened: 0, reopened: 0, failedOver: 0, failedBack: 0}
  bytesIn = 0
  bytesOut = 0
  /** Second halves of cas. */
  casSent = 0
  /** Reads that are not operations of the load. */
  witnessesSent = 0
  /** Connections that became open. */
  openings = 0
  /** Calls that wait for their replies. */
  inFlight = 0
  /** Only for a load whose rate changes or can be changed. */
  readonly steps: StepRecorder | null
  readonly #methods: readonly Method[]
  readonly #openLoop: boolean
  /** Response and service time differ: calls have a schedule, or some get no reply. */
  readonly #hasOwnService: boolean
  readonly #keysPerRead: number
  /** By index in the plan's mix. */
  readonly #sent: number[]
  readonly #response: readonly LatencyRecorder[]
  readonly #service: readonly LatencyRecorder[]
  readonly #netResponse: readonly LatencyRecorder[]
  readonly #netService: readonly LatencyRecorder[]
  readonly #slip = new LatencyRecorder()
  #keysRead = 0
  #keysFound = 0
  #lateCalls = 0
  #heldUpCalls = 0
  /** Calls due until then may be late because a server did not accept earlier ones. */
  #catchesUpUntilMs = Number.NEGATIVE_INFINITY

  constructor(plan: LoadPlan, {adjustable = false}: {adjustable?: boolean} = {}) {
    this.steps = plan.ratePhases !== null || adjustable ? new StepRecorder(plan) : null
    this.#methods = plan.mix.map(({method}) => methods[method])
    this.#openLoop = isOpenLoop(plan)
    this.#hasOwnService = isOpenLoop(plan) || plan.noreply
    this.#keysPerRead = plan.multigetKeys
    this.#sent = plan.mix.map(() => 0)
    this.#response = plan.mix.map(() => new LatencyRecorder())
    this.#service = plan.mix.map(() => new LatencyRecorder())
    this.#netResponse = plan.mix.map(() => new LatencyRecorder())
    this.#netService = plan.mix.map(() => new LatencyRecorder())
  }

  /** Counts a call as sent. @param method index in the plan's mix */
  sent(
    connection: RecordedConnection,
    {method, intendedMs, sentMs}: {method: number; intendedMs: number; sentMs: number},
  ): void {
    this.tally.sent++
    this.#sent[method]!++
    this.inFlight++
    if (!this.#openLoop) return
    this.steps?.sent(intendedMs)
    const lateMs = sentMs - intendedMs
    if (lateMs > LATE_CALL_MS && this.#isHeldUp(intendedMs, connection.writableSinceMs)) {
      this.#heldUpCalls++
      return
    }
    this.#slip.recordMs(lateMs)
    if (lateMs > LATE_CALL_MS) this.#lateCalls++
  }

  /**
   * Whether a call was due while its connection accepted nothing. After such a
   * time the generator has as long again to catch up; later calls are late by
   * themselves.
   * @param writableSinceMs when the connection was opened, or accepted bytes again
   */
  #isHeldUp(intendedMs: number, writableSinceMs: number): boolean {
    if (intendedMs > writableSinceMs) return intendedMs <= this.#catchesUpUntilMs
    this.#catchesUpUntilMs = Math.max(this.#catchesUpUntilMs, writableSinceMs + (writableSinceMs - intendedMs))
    return true
  }

  /** How late the generator itself sent a call; a later backlog may hide some of that. */
  #ownSlipMs({writableSinceMs}: RecordedConnection, intendedMs: number, sentMs: number): number {
    const lateMs = sentMs - intendedMs
    return lateMs > LATE_CALL_MS && intendedMs <= Math.max(writableSinceMs, this.#catchesUpUntilMs) ? 0 : lateMs
  }

  /** Counts a call that gets no reply: it is complete when it is sent. */
  completedUnanswered(
    connection: RecordedConnection,
    call: {method: number; intendedMs: number; sentMs: number},
  ): void {
    const {method, intendedMs, sentMs} = call
    this.inFlight--
    this.tally.ok++
    this.#response[method]!.recordMs(sentMs - intendedMs)
    this.#netResponse[method]!.recordMs(sentMs - intendedMs - this.#ownSlipMs(connection, intendedMs, sentMs))
    this.steps?.completedUnanswered(intendedMs, sentMs)
  }

  /** Counts the reply to the connection's oldest call. @param reply `lateMs`: the most that it waited unread */
  replied(
    connection: RecordedConnection,
    reply: {kind: ReplyKind; values: number; nowMs: number; lateMs: number},
  ): void {
    const {pending} = connection
    const {kind, values, nowMs, lateMs} = reply
    const {intendedMs, sentMs} = pending
    const place = methodOf(pending.method)
    const method = this.#methods[place]!
    this.#response[place]!.recordMs(nowMs - intendedMs)
    if (this.#hasOwnService) {
      this.#netResponse[place]!.recordMs(nowMs - intendedMs - this.#ownSlipMs(connection, intendedMs, sentMs) - lateMs)
      this.#service[place]!.recordMs(nowMs - sentMs)
      this.#netService[place]!.recordMs(nowMs - sentMs - lateMs)
    } else this.#netResponse[place]!.recordMs(nowMs - sentMs - lateMs)
    if (method.reads && kind === 'end') {
      this.#keysRead += pending.size
      this.#keysFound += values
    }
    const {ok, miss} = this.tally
    // The most common case, without the cost of an object.
    if (kind === 'stored' && method.ok === 'stored') this.tally.ok++
    else countReply(this.tally, {method, kind, values, line: () => connection.lastLine()})
    if (this.steps !== null) {
      const outcome = this.tally.ok > ok ? 'ok' : this.tally.miss > miss ? 'miss' : 'errors'
      const reads = method.reads && kind === 'end' ? {keys: pending.size, found: values} : null
      this.steps.answered(pending, {nowMs, outcome, reads})
    }
    this.inFlight--
    pending.shift()
  }

  /** Counts a connection that was opened. @param isFirst for the first time @param side where it was open before, and is now */
  connectionOpened(isFirst: boolean, side: {readonly wasAway: boolean; readonly isAway: boolean}): void {
    const {connections} = this
    const {wasAway, isAway} = side
    this.openings++
    connections.open++
    if (isFirst) connections.opened++
    else if (isAway === wasAway) connections.reopened++
    if (isAway && !wasAway) connections.failedOver++
    if (!isAway && wasAway) connections.failedBack++
  }

  /** Counts an error reply to a noreply command, which was counted as done. */
  refusedUnanswered(line: () => string): void {
    if (this.tally.ok > 0) this.tally.ok--
    countReply(this.tally, {method: methods.set, kind: 'server_error', values: 0, line})
  }

  /** Counts a connection's calls that were sent before a time as timed out. */
  timedOut(connection: RecordedConnection, sentBeforeMs: number): void {
    const {pending} = connection
    for (; pending.count > 0 && pending.sentMs <= sentBeforeMs; pending.shift()) {
      if (isNoOperation(pending.method)) continue
      this.tally.timedOut++
      this.inFlight--
    }
  }

  /** Counts the connection's oldest call as timed out: its reply came too late. */
  timedOutCall({pending}: RecordedConnection): void {
    this.tally.timedOut++
    this.inFlight--
    pending.shift()
  }

  /** Counts the end of a connection. @param failure null when we closed it: its pending calls are unanswered, not lost */
  connectionClosed(connection: RecordedConnection, failure: string | null): void {
    const {pending} = connection
    for (; pending.count > 0; pending.shift()) {
      if (isNoOperation(pending.method)) continue
      if (failure === null) this.tally.unanswered++
      else this.tally.lostWithConnection++
      this.inFlight--
    }
    if (failure !== null) addKind(this.connectionErrors, failure)
  }

  #requests(): RequestCount {
    const requests = noRequests()
    requests.connections = this.openings
    requests.sets = this.casSent
    requests.gets = this.witnessesSent
    for (const [place, sent] of this.#sent.entries()) {
      const {name, form, reads} = this.#methods[place]!
      if (reads) requests.gets += sent * this.#keysPerRead
      else if (form === 'cas') requests.gets += sent
      else if (form === 'value') requests.sets += sent
      else if (form === 'amount') requests.counters += sent
      else if (name === 'delete') requests.deletes += sent
      else requests.touches += sent
    }
    return requests
  }

  takeDelta(outside: Pick<LoadDelta, 'elapsedMs' | 'intended' | 'unsent' | 'verification' | 'idleMs'>): LoadDelta {
    const response = this.#response.map(recorder => recorder.take())
    const netResponse = this.#netResponse.map(recorder => recorder.take())
    return {
      ...outside,
      tally: {...this.tally, errors: {...this.tally.errors}},
      keysRead: this.#keysRead,
      keysFound: this.#keysFound,
      connections: {...this.connections},
      connectionErrors: {...this.connectionErrors},
      bytesIn: this.bytesIn,
      bytesOut: this.bytesOut,
      requests: this.#requests(),
      lateCalls: this.#lateCalls,
      heldUpCalls: this.#heldUpCalls,
      response,
      service: this.#hasOwnService ? this.#service.map(recorder => recorder.take()) : response,
      netResponse,
      netService: this.#hasOwnService ? this.#netService.map(recorder => recorder.take()) : netResponse,
      slip: this.#slip.take(),
      steps: this.steps?.take() ?? [],
    }
  }
}
