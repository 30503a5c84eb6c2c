import {performance} from 'node:perf_hooks'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type Method, methods} from '../data/methods.js'
import {LoopScheduler} from '../generator/loop-scheduler.js'
import {ElapsedTime, IdleTime} from '../measure/elapsed-time.js'
import {type Outage, outagesOf} from '../measure/outages.js'
import {BARRIER, isNoOperation, methodOf, WITNESS} from '../measure/pending-calls.js'
import {ownThreadTime, ReadLateness, type ThreadTime} from '../measure/read-lateness.js'
import {type LoadDelta, Recorder} from '../measure/recorder.js'
import type {LoadPhase} from '../plan/phases.js'
import {isOpenLoop, type LoadPlan, plannedSeconds} from '../plan/plan.js'
import {Verifier} from '../verify/verifier.js'
import type {Connection, ConnectionOwner, ConnectionState} from './connection.js'
import {FailoverPolicy} from './failover-policy.js'
import type {LoadAssignment} from './load-assignment.js'
import {makeConnections} from './make-connections.js'
import {outOfStep, outOfStepAside} from './out-of-step.js'
import {ClosedLoopPacer, OpenLoopPacer, type Pacer} from './pacer.js'
import {Sender} from './sender.js'
import {TimeOuts} from './time-outs.js'

/** After its planned end an open loop may send late calls for this long. */
const CATCH_UP_MS = 500
/** After stop() the loop waits this long for replies to calls in flight, or for a call's time-out if that is shorter. */
const STOP_DRAIN_MS = 1000

/** One thread's part of one phase of a run. */
export interface LoadLoopOptions extends LoadAssignment, Pick<LoadPhase, 'plan' | 'calls'> {
  /** Monotonic ms. */
  readonly clock?: () => number
  /** Times of the thread that runs the loop. */
  readonly threadTime?: ThreadTime
  /** start() may be called: all connections are open or have failed, or the schedule opens them. */
  readonly onReady: () => void
  /** Every connection is closed; no call is in flight. */
  readonly onFinished: () => void
}

/** Runs a share of a plan's connections on the current event loop. Always ends: every wait in it has a limit. */
export class LoadLoop implements ConnectionOwner {
  readonly #plan: LoadPlan
  readonly #clock: () => number
  readonly #onReady: () => void
  readonly #onFinished: () => void
  readonly #recorder: Recorder
  readonly #lateness: ReadLateness
  readonly #elapsed = new ElapsedTime()
  readonly #connections: readonly Connection[]
  readonly #failover: FailoverPolicy
  readonly #sender: Sender
  readonly #pacer: Pacer
  readonly #adjustable: boolean
  readonly #scheduler: LoopScheduler
  readonly #timeOuts: TimeOuts
  readonly #methods: readonly Method[]
  readonly #isCas: readonly boolean[]
  readonly #verifier: Verifier | undefined
  #startMs = Number.POSITIVE_INFINITY
  /** Connections without calls left stay open until then. */
  #keepUntilMs = Number.NEGATIVE_INFINITY
  #stopMs = Number.POSITIVE_INFINITY
  #ready = false
  #stopping = false
  #closed = 0
  #unsent = 0
  #readMs = 0
  readonly #idle: IdleTime

  constructor(options: LoadLoopOptions) {
    const {plan, targets, spread, verify, clock = () => performance.now()} = options
    this.#plan = plan
    this.#adjustable = options.adjustable && isOpenLoop(plan)
    this.#clock = clock
    this.#onReady = options.onReady
    this.#onFinished = options.onFinished
    this.#recorder = new Recorder(plan, {adjustable: this.#adjustable})
    this.#lateness = new ReadLateness(options.threadTime ?? ownThreadTime())
    this.#methods = plan.mix.map(({method}) => methods[method])
    this.#isCas = this.#methods.map(({form}) => form === 'cas')
    this.#verifier = verify === null ? undefined : new Verifier({plan, assignment: verify, servers: targets})
    this.#connections = makeConnections(options, {owner: this, verifier: this.#verifier, clock})
    const recorder = this.#recorder
    const connections = this.#connections
    this.#failover = new FailoverPolicy({
      plan,
      targets,
      spread,
      connections,
      recorder,
      clock,
      onSettled: () => {
        if (plan.connectionsPerSecond === 0) this.#becomeReady()
      },
      onDraining: connection => this.#closeWhenDone(connection),
    })
    this.#sender = new Sender({plan, recorder, verifier: this.#verifier, clock})
    this.#pacer = isOpenLoop(plan)
      ? new OpenLoopPacer({connections, sender: this.#sender, clock})
      : new ClosedLoopPacer({sender: this.#sender, pipeline: plan.pipeline, clock})
    this.#timeOuts = new TimeOuts({plan, connections, recorder, clock})
    this.#idle = new IdleTime({work: () => recorder.tally.sent + recorder.bytesIn, clock})
    this.#scheduler = new LoopScheduler({
      run: () => {
        this.#turn()
        this.#lateness.checked(this.#clock())
      },
      isIdle: () => recorder.inFlight === 0 && !this.#failover.isConnecting,
      clock,
    })
  }

  /** Opens the connections, unless the plan opens them at a rate. */
  connect(): void {
    this.#timeOuts.start()
    this.#failover.watchHomes()
    if (this.#plan.connectionsPerSecond > 0) this.#becomeReady()
    else for (const connection of this.#connections) this.#failover.open(connection)
  }

  /** Starts the load at a time of the clock, which may be in the future. */
  start(startMs: number): void {
    if (this.#closed === this.#connections.length) return
    this.#startMs = startMs
    const planned = this.#adjustable ? this.#plan.durationSeconds : plannedSeconds(this.#plan)
    const plannedEndMs = planned === null ? Number.POSITIVE_INFINITY : startMs + planned * 1000
    this.#idle.start(startMs, plannedEndMs)
    this.#elapsed.start(startMs, plannedEndMs)
    this.#recorder.steps?.start(startMs)
    if (this.#plan.durationSeconds !== null) {
      const endMs = startMs + this.#plan.durationSeconds * 1000
      this.#stopMs = isOpenLoop(this.#plan) ? endMs + CATCH_UP_MS : endMs
      if (this.#adjustable) this.#keepUntilMs = endMs
    }
    for (const connection of this.#connections) {
      connection.anchor(startMs)
      if (connection.state === 'open') this.#admit(connection)
    }
    this.#scheduler.at(startMs)
  }

  /** Changes the rate. @param atMs time of the clock: calls due from then on are rescheduled, earlier ones keep their times */
  changeRate(ratePerSecond: number, atMs: number): void {
    if (!this.#adjustable || this.#stopping || !this.#timeOuts.watching) return
    this.#recorder.steps?.changeRate(ratePerSecond, atMs)
    for (const connection of this.#connections) {
      const {schedule, anchorMs, openings} = connection
      const notBegun = this.#plan.connectionsPerSecond > 0 && openings === 0
      schedule.changeRate(ratePerSecond, notBegun ? 0 : Math.max(0, atMs - anchorMs))
    }
    this.#pacer.rescheduled()
    this.#scheduler.soon()
  }

  /** Sends nothing more; ends when calls in flight have their replies, or soon after. */
  stop(): void {
    this.#elapsed.stop(this.#clock())
    this.#idle.stop(this.#clock())
    this.#end(Math.min(STOP_DRAIN_MS, this.#plan.timeoutMs))
  }

  /** @param drainMs how long to wait for replies to calls in flight */
  #end(drainMs: number): void {
    this.#timeOuts.closeAt(this.#clock() + drainMs)
    if (this.#stopping) return
    this.#stopping = true
    this.#failover.stopOpening()
    for (const connection of this.#connections) {
      if (connection.alive) this.#closeWhenDone(connection)
      else connection.close()
    }
  }

  /** Measurements since the last call; LoadDelta says which counts are since the start. */
  takeDelta(): LoadDelta {
    const left = this.#connections.reduce((sum, {schedule}) => sum + schedule.left, 0)
    const unsent = left + this.#unsent
    const isAllSent = left === 0 || this.#stopping
    const elapsedMs = this.#elapsed.soFarMs({nowMs: this.#clock(), isAllSent, lastReadMs: this.#readMs})
    const verification = this.#verifier?.verificationSince(this.#startMs) ?? null
    const intended = this.#recorder.tally.sent + unsent
    return this.#recorder.takeDelta({elapsedMs, intended, unsent, verification, idleMs: this.#idle.soFarMs()})
  }

  /** Outages of the clients: failed connections and calls that waited long. */
  outages(): Outage[] {
    return outagesOf(this.#connections, this.#startMs)
  }

  opened(connection: Connection): void {
    this.#failover.opened(connection)
    connection.checker?.opened(connection.writableSinceMs)
    if (this.#startMs === Number.POSITIVE_INFINITY) return
    if (this.#plan.connectionsPerSecond > 0 && connection.openings === 1) this.#anchor(connection)
    this.#admit(connection)
  }

  received(byteCount: number): void {
    this.#readMs = this.#clock()
    this.#lateness.read(this.#readMs)
    this.#recorder.bytesIn += byteCount
  }

  replied(connection: Connection, kind: ReplyKind, values: number): void {
    const {pending} = connection
    const refused = kind === 'client_error' || kind === 'server_error' || kind === 'error'
    if (refused && this.#plan.noreply && (pending.count === 0 || pending.method === BARRIER)) {
      this.#recorder.refusedUnanswered(() => connection.lastLine())
      return
    }
    if (pending.count === 0) {
      connection.fail('reply without a request')
      return
    }
    if (isNoOperation(pending.method)) {
      const mismatch = outOfStepAside(pending.method, kind, values)
      if (mismatch !== null) {
        connection.fail(mismatch)
        return
      }
      if (pending.method === WITNESS) connection.checker?.witnessed(kind, this.#readMs)
      pending.shift()
    } else {
      const method = this.#methods[methodOf(pending.method)]!
      // The most common case, without the cost of the full check.
      const isPlain = kind === method.ok && !this.#isCas[pending.method]
      const mismatch =
        isPlain && values <= (method.reads ? pending.size : 0)
          ? null
          : outOfStep({method, mark: pending.method, keys: pending.size}, kind, values)
      if (mismatch !== null) {
        connection.fail(mismatch)
        return
      }
      connection.checker?.replied(kind, method, this.#readMs)
      if (kind === 'end' && values > 0 && this.#isCas[pending.method]) {
        this.#sendCas(connection)
        return
      }
      const {sentMs} = pending
      if (this.#isTooLate(sentMs)) this.#recorder.timedOutCall(connection)
      else {
        const lateMs = this.#lateness.ofReply(sentMs, this.#readMs)
        this.#recorder.replied(connection, {kind, values, nowMs: this.#readMs, lateMs})
        if (!refused) connection.outages.served(this.#readMs, sentMs)
      }
    }
    this.#goOn(connection)
  }

  flushed(connection: Connection): void {
    if (this.#stopping || this.#isDone(connection)) this.#closeWhenDone(connection)
    else {
      this.#pacer.flushed(connection)
      this.#scheduler.soon()
    }
  }

  closed(connection: Connection, failure: string | null, before: ConnectionState): void {
    if (before === 'connecting') this.#failover.connectFailed()
    if (before === 'open' || before === 'draining') this.#recorder.connections.open--
    if (failure === null && connection.pending.count > 0) {
      connection.outages.leftWaiting(this.#clock(), connection.pending.sentMs)
    }
    this.#recorder.connectionClosed(connection, failure)
    connection.checker?.closed()
    if (failure !== null) {
      connection.outages.failed(this.#clock(), failure)
      if (!this.#stopping && this.#failover.reopen(connection)) return
    }
    this.#closed++
    this.#unsent += connection.schedule.abandon()
    this.#finishIfDone()
  }

  /** The client has given up the call, but not the connection. */
  #isTooLate(sentMs: number): boolean {
    return this.#plan.timeoutsToGiveUp > 1 && this.#readMs - sentMs >= this.#plan.timeoutMs
  }

  /** A connection that is opened at a rate begins when it is open; after a failure it begins, late, at its planned time. */
  #anchor(connection: Connection): void {
    const {failures, writableSinceMs, schedule} = connection
    connection.anchor(failures === 0 ? writableSinceMs : this.#startMs + schedule.openAtMs)
  }

  #admit(connection: Connection): void {
    if (this.#isDone(connection)) this.#closeWhenDone(connection)
    else {
      this.#pacer.admit(connection)
      this.#scheduler.at(connection.dueMs)
    }
  }

  /** Continues a connection after a complete reply. */
  #goOn(connection: Connection): void {
    if (this.#stopping || this.#isDone(connection) || connection.state === 'draining') {
      this.#closeWhenDone(connection)
      return
    }
    this.#pacer.replied(connection)
    if (!isOpenLoop(this.#plan)) this.#scheduler.soon()
  }

  /** No call is left, and a change of the rate cannot add one. */
  #isDone({schedule}: Connection): boolean {
    return schedule.exhausted && this.#clock() >= this.#keepUntilMs
  }

  /** Closes connections that stayed open without calls left. */
  #closeKept(): void {
    this.#keepUntilMs = Number.NEGATIVE_INFINITY
    for (const connection of this.#connections) {
      if (connection.alive && connection.schedule.exhausted) this.#closeWhenDone(connection)
    }
  }

  /** Closes the connection, or moves it home, if no reply is due; noreply commands are confirmed by a barrier first. */
  #closeWhenDone(connection: Connection): void {
    if (connection.pending.count > 0 || !connection.alive) return
    if (connection.unconfirmed) this.#sender.sendBarrier(connection)
    else if (connection.state === 'draining' && !this.#stopping) this.#failover.goHome(connection)
    else connection.close()
  }

  #sendCas(connection: Connection): void {
    const {noreply} = this.#plan
    this.#sender.sendCas(connection, {unique: connection.casUnique!.digits, noreply})
    if (noreply) this.#goOn(connection)
  }

  #becomeReady(): void {
    if (this.#ready) return
    this.#ready = true
    this.#onReady()
  }

  #turn(): void {
    const nowMs = this.#clock()
    this.#idle.turn(nowMs)
    if (nowMs >= this.#stopMs && !this.#stopping) this.#end(this.#plan.timeoutMs)
    if (this.#stopping) return
    if (nowMs < this.#startMs) {
      this.#scheduler.at(this.#startMs)
      return
    }
    const isOpenedAtRate = this.#plan.connectionsPerSecond > 0
    const openingMs = isOpenedAtRate
      ? this.#failover.openDue({startMs: this.#startMs, nowMs})
      : Number.POSITIVE_INFINITY
    if (nowMs >= this.#keepUntilMs) this.#closeKept()
    const keptMs = Number.isFinite(this.#keepUntilMs) ? this.#keepUntilMs : this.#stopMs
    this.#scheduler.at(Math.min(this.#pacer.turn(nowMs), openingMs, keptMs))
  }

  #finishIfDone(): void {
    if (this.#closed < this.#connections.length || !this.#timeOuts.watching) return
    this.#timeOuts.stop()
    this.#failover.stop()
    this.#scheduler.stop()
    this.#lateness.close()
    this.#becomeReady()
    this.#onFinished()
  }
}
