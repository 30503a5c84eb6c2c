import type {Address} from '../protocol/address.js'
import type {ReplyKind} from '../protocol/reply-kind.js'
import {Connection, type ConnectionOwner} from './connection.js'
import {ClosedLoopPacer, OpenLoopPacer, type Pacer} from './pacer.js'
import type {LoadPlan} from './plan.js'
import {type LoadDelta, Recorder} from './recorder.js'
import {scheduleOf} from './schedule.js'
import {Sender} from './sender.js'
import type {Share} from './share.js'
import {Turns} from './turns.js'
import {Workload} from './workload.js'

/** At the end of its time an open loop may catch up for so long before it gives up on calls that are late. */
const CATCH_UP_MS = 500
/** After stop() replies to calls under way are waited for so long, or for the time-out of a call if that is shorter. */
const STOP_DRAIN_MS = 1000
/** More at once overrun the listen queue of many servers. */
const CONNECTING_MAX = 100
const READ_BUFFER_BYTES = 64 * 1024

export interface LoadLoopOptions {
  readonly plan: LoadPlan
  readonly target: Address
  /** The connections of the plan that this loop serves. */
  readonly connections: Share
  /** Monotonic ms. */
  readonly clock?: () => number
  /** All connections are open or failed, or are to be opened by the schedule: start() may be called. */
  readonly onReady: () => void
  /** Every connection is closed; nothing is under way. */
  readonly onFinished: () => void
}

/** Drives a share of a plan's connections on the event loop it runs on. Always ends: every wait in it has a limit. */
export class LoadLoop implements ConnectionOwner {
  readonly #plan: LoadPlan
  readonly #target: Address
  readonly #clock: () => number
  readonly #onReady: () => void
  readonly #onFinished: () => void
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  readonly #recorder: Recorder
  readonly #connections: readonly Connection[]
  readonly #pacer: Pacer
  readonly #turns: Turns
  #sweep: NodeJS.Timeout | undefined
  #sweptMs = 0
  #startMs = Number.POSITIVE_INFINITY
  #stopMs = Number.POSITIVE_INFINITY
  #drainedByMs = Number.POSITIVE_INFINITY
  #ready = false
  #stopping = false
  #nextToOpen = 0
  #connecting = 0
  #closed = 0
  #readMs = 0

  constructor({plan, target, connections, clock = () => performance.now(), onReady, onFinished}: LoadLoopOptions) {
    this.#plan = plan
    this.#target = target
    this.#clock = clock
    this.#onReady = onReady
    this.#onFinished = onFinished
    this.#recorder = new Recorder(plan)
    this.#connections = Array.from({length: connections.count}, (_, slot) => {
      const index = connections.first + slot
      return new Connection({slot, schedule: scheduleOf(plan, index), workload: new Workload(plan, index), owner: this})
    })
    const sender = new Sender({plan, recorder: this.#recorder, clock})
    this.#pacer =
      plan.ratePerSecond === 0
        ? new ClosedLoopPacer({sender})
        : new OpenLoopPacer({connections: this.#connections, sender, clock})
    this.#turns = new Turns({run: () => this.#turn(), clock})
  }

  /** Opens the connections, unless the plan opens them at a rate. */
  connect(): void {
    const sweepMs = Math.min(100, Math.max(5, this.#plan.timeoutMs / 10))
    this.#sweptMs = this.#clock()
    this.#sweep = setInterval(() => this.#sweepUp(sweepMs), sweepMs)
    if (this.#plan.connectionsPerSecond > 0) this.#becomeReady()
    else this.#openConnections()
  }

  /** Begins the load at a time of the clock, which may lie ahead. */
  start(startMs: number): void {
    if (this.#closed === this.#connections.length) return
    this.#startMs = startMs
    if (this.#plan.durationSeconds !== null) {
      const endMs = startMs + this.#plan.durationSeconds * 1000
      this.#stopMs = this.#plan.ratePerSecond === 0 ? endMs : endMs + CATCH_UP_MS
    }
    for (const connection of this.#connections) if (connection.state === 'open') this.#admit(connection)
    this.#turns.at(startMs)
  }

  /** Sends nothing more and ends when the calls under way have their replies, or soon. */
  stop(): void {
    if (this.#stopping) return
    this.#stopping = true
    this.#drainedByMs = this.#clock() + Math.min(STOP_DRAIN_MS, this.#plan.timeoutMs)
    for (const connection of this.#connections) {
      if (connection.state !== 'open' || connection.pending.count === 0) connection.close()
    }
  }

  /** What was measured since the last call; see LoadDelta for what counts from the start. */
  takeDelta(): LoadDelta {
    let intended = 0
    let unsent = 0
    for (const {schedule, sentCalls} of this.#connections) {
      // Without a planned number every call was meant as it was sent.
      const calls = Number.isFinite(schedule.calls) ? schedule.calls : sentCalls
      intended += calls
      unsent += calls - sentCalls
    }
    const elapsedMs = Math.max(0, this.#clock() - this.#startMs)
    return this.#recorder.takeDelta({elapsedMs, intended, unsent})
  }

  opened(connection: Connection): void {
    this.#connecting--
    this.#recorder.connectionsOpen++
    this.#recorder.connectionsOpened++
    connection.sinceMs = this.#clock()
    if (this.#plan.connectionsPerSecond > 0) this.#admit(connection)
    else this.#openConnections()
  }

  received(byteCount: number): void {
    this.#readMs = this.#clock()
    this.#recorder.bytesIn += byteCount
  }

  replied(connection: Connection, kind: ReplyKind, values: number): void {
    this.#recorder.replied(connection, {kind, values, nowMs: this.#readMs})
    connection.firstByteMs = 0
    if (this.#stopping || connection.sentCalls === connection.schedule.calls) {
      if (connection.pending.count === 0) connection.close()
      return
    }
    this.#pacer.replied(connection, this.#readMs)
    if (this.#plan.ratePerSecond === 0) this.#turns.soon()
  }

  replyBegun(connection: Connection): void {
    if (connection.firstByteMs === 0) connection.firstByteMs = this.#readMs
  }

  flushed(connection: Connection): void {
    connection.sinceMs = this.#clock()
    this.#pacer.flushed(connection)
    this.#turns.soon()
  }

  closed(connection: Connection, failure: string | null, before: Connection['state']): void {
    if (before === 'connecting') this.#connecting--
    if (before === 'open') this.#recorder.connectionsOpen--
    this.#closed++
    this.#recorder.connectionClosed(connection, failure)
    if (this.#plan.connectionsPerSecond === 0) this.#openConnections()
    this.#finishIfDone()
  }

  #admit(connection: Connection): void {
    const {schedule} = connection
    const ownStartMs = this.#plan.connectionsPerSecond > 0 ? connection.sinceMs : this.#startMs
    connection.anchorMs = ownStartMs + schedule.firstCallMs
    if (schedule.calls === 0) connection.close()
    else {
      this.#pacer.admit(connection)
      this.#turns.at(connection.anchorMs)
    }
  }

  /** Opens those whose time has come; before the start, as many at a time as a listen queue bears. */
  #openConnections(): void {
    if (this.#stopping || this.#closed === this.#connections.length) return
    const nowMs = this.#clock()
    const atRate = this.#plan.connectionsPerSecond > 0
    while (this.#nextToOpen < this.#connections.length) {
      if (atRate ? this.#nextOpeningMs() > nowMs : this.#connecting >= CONNECTING_MAX) return
      const connection = this.#connections[this.#nextToOpen++]!
      this.#connecting++
      connection.open({target: this.#target, readBuffer: this.#readBuffer, nowMs})
    }
    if (!atRate && this.#connecting === 0) this.#becomeReady()
  }

  #becomeReady(): void {
    if (this.#ready) return
    this.#ready = true
    this.#onReady()
  }

  #nextOpeningMs(): number {
    const next = this.#connections[this.#nextToOpen]
    return next === undefined ? Number.POSITIVE_INFINITY : this.#startMs + next.schedule.openAtMs
  }

  #turn(): void {
    const nowMs = this.#clock()
    if (nowMs >= this.#stopMs) this.stop()
    if (this.#stopping) return
    if (nowMs < this.#startMs) {
      this.#turns.at(this.#startMs)
      return
    }
    if (this.#plan.connectionsPerSecond > 0) this.#openConnections()
    this.#turns.at(Math.min(this.#pacer.turn(nowMs), this.#nextOpeningMs(), this.#stopMs))
  }

  /** Ends what has waited too long. */
  #sweepUp(intervalMs: number): void {
    const nowMs = this.#clock()
    const heldUp = nowMs - this.#sweptMs > 2 * intervalMs
    this.#sweptMs = nowMs
    // After a standstill of our own the replies may lie unread in the sockets: they come first.
    if (heldUp) return
    const expiredMs = nowMs - this.#plan.timeoutMs
    for (const connection of this.#connections) {
      if (connection.state === 'connecting' && connection.sinceMs <= expiredMs) connection.fail('connect time-out')
      else if (connection.state === 'open' && connection.pending.count > 0) this.#endIfStuck(connection, nowMs)
    }
  }

  #endIfStuck(connection: Connection, nowMs: number): void {
    const expiredMs = nowMs - this.#plan.timeoutMs
    if (connection.pending.sentMs <= expiredMs) {
      this.#recorder.timedOut(connection, expiredMs)
      connection.fail('call time-out')
    } else if (nowMs >= this.#drainedByMs) connection.close()
  }

  #finishIfDone(): void {
    if (this.#closed < this.#connections.length || this.#sweep === undefined) return
    clearInterval(this.#sweep)
    this.#sweep = undefined
    this.#turns.stop()
    this.#becomeReady()
    this.#onFinished()
  }
}
