import {quote} from '../../protocol/text/first-words.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {DueQueue} from '../generator/due-queue.js'
import {LoopScheduler} from '../generator/loop-scheduler.js'
import {ReadyList} from '../generator/ready-list.js'
import {type ConnectionFailure, McperfConnection, type McperfConnectionOwner} from './connection.js'
import type {McperfCounters} from './counters.js'
import {Draws} from './distribution.js'
import {awaitsReplies, type McperfPlan} from './plan.js'
import {McperfSender} from './sender.js'

const READ_BUFFER_BYTES = 64 * 1024
/** More connections than a process can have descriptors for. */
const LIVE_MAX = 1_048_576
/** Longest time of one turn: replies must be read in between. */
const TURN_MAX_MS = 0.5

export interface McperfLoopOptions {
  readonly plan: McperfPlan
  readonly counters: McperfCounters
  /** Monotonic ms. */
  readonly clock: () => number
  readonly onFailure: (failure: ConnectionFailure) => void
  /** Every connection was created and is closed. */
  readonly onFinished: () => void
}

/** mcperf's generators of connections and calls, on the current event loop. */
export class McperfLoop implements McperfConnectionOwner {
  readonly #options: McperfLoopOptions
  readonly #plan: McperfPlan
  readonly #counters: McperfCounters
  readonly #clock: () => number
  readonly #sender: McperfSender
  readonly #awaitsReplies: boolean
  readonly #connectionDraws: Draws
  readonly #callDraws: Draws
  readonly #readBuffer = Buffer.allocUnsafeSlow(READ_BUFFER_BYTES)
  readonly #scheduler: LoopScheduler
  readonly #due: DueQueue
  readonly #connections: (McperfConnection | undefined)[] = []
  readonly #freeSlots: number[] = []
  /** Connections that send in the next turn. */
  readonly #ready = new ReadyList<McperfConnection>()
  #created = 0
  #ended = 0
  #nextConnectionMs = Number.POSITIVE_INFINITY
  #readMs = 0
  #stopped = false

  constructor(options: McperfLoopOptions) {
    const {plan, counters, clock} = options
    this.#options = options
    this.#plan = plan
    this.#counters = counters
    this.#clock = clock
    this.#sender = new McperfSender({plan, counters, clock})
    this.#awaitsReplies = awaitsReplies(plan)
    this.#connectionDraws = new Draws(plan.connectionInterval, plan.client)
    this.#callDraws = new Draws(plan.callInterval, plan.client)
    this.#scheduler = new LoopScheduler({run: () => this.#turn(), isIdle: () => this.#isIdle(), clock})
    this.#due = new DueQueue(Math.min(plan.connections, LIVE_MAX))
  }

  start(): void {
    if (this.#plan.connections === 0) {
      this.#options.onFinished()
      return
    }
    if (this.#plan.connectionInterval.kind !== 'none') {
      this.#nextConnectionMs = this.#clock() + this.#connectionDraws.next() * 1000
      this.#scheduler.at(this.#nextConnectionMs)
    }
    this.#openConnection()
  }

  /** Ends everything at once. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#scheduler.stop()
    for (const connection of this.live()) connection.close({resets: this.#plan.resets})
    this.#options.onFinished()
  }

  /** The connections that have not ended. */
  *live(): Generator<McperfConnection> {
    for (const connection of this.#connections) if (connection && connection.state !== 'ended') yield connection
  }

  get liveCount(): number {
    return this.#created - this.#ended
  }

  opened(connection: McperfConnection): void {
    const nowMs = this.#clock()
    this.#counters.connected(nowMs - connection.openedMs)
    if (this.#plan.calls === 0) {
      connection.close({resets: this.#plan.resets})
    } else if (this.#plan.callInterval.kind === 'none') {
      this.#becomeReady(connection)
    } else {
      // The first call at once, the others on schedule; the draw comes first, as in mcperf.
      connection.dueMs = nowMs + this.#callDraws.next() * 1000
      this.#sender.create(connection)
      this.#becomeReady(connection)
      if (connection.created < this.#plan.calls) {
        this.#due.push(connection.slot, connection.dueMs)
        connection.scheduled = true
      }
    }
  }

  received(): void {
    this.#readMs = this.#clock()
  }

  replied(connection: McperfConnection, kind: ReplyKind, values: number): void {
    const {pending} = connection
    if (pending.count === 0) {
      // Replies to noreply commands are ignored.
      const text = `reply without a request: ${quote(Buffer.from(connection.parser.lastLine(), 'latin1'))}`
      if (this.#awaitsReplies) connection.fail({errorClass: 'other', text})
      return
    }
    const ms = (connection.firstByteMs || this.#readMs) - pending.shift()
    this.#sender.inFlight--
    connection.firstByteMs = 0
    this.#counters.replied({kind, values, bytes: connection.parser.replyBytes, ms})
    connection.completed++
    this.#afterCompletion(connection)
  }

  replyBegun(connection: McperfConnection): void {
    if (connection.firstByteMs === 0) connection.firstByteMs = this.#readMs
  }

  flushed(connection: McperfConnection): void {
    this.#sender.flushed(connection)
    if (connection.completed === this.#plan.calls) connection.close({resets: this.#plan.resets})
    else this.#becomeReady(connection)
  }

  ended(connection: McperfConnection, failure: ConnectionFailure | null, before: McperfConnection['state']): void {
    if (before === 'open') this.#counters.disconnected(this.#clock() - connection.openedMs)
    if (failure !== null) {
      const {errorClass} = failure
      this.#counters.failed(errorClass)
      // The connection had no socket.
      if (errorClass === 'fd-unavail' || errorClass === 'ftab-full') this.#counters.connectionsIssued--
      this.#options.onFailure(failure)
    }
    if (this.#stopped) return
    this.#sender.inFlight -= connection.pending.count
    this.#ended++
    if (!connection.scheduled) this.#freeSlot(connection.slot)
    if (this.#ended === this.#plan.connections) {
      this.#stopped = true
      this.#scheduler.stop()
      this.#options.onFinished()
    } else if (this.#plan.connectionInterval.kind === 'none') this.#openConnection()
  }

  #afterCompletion(connection: McperfConnection): void {
    if (connection.completed === this.#plan.calls) connection.close({resets: this.#plan.resets})
    else if (this.#plan.callInterval.kind === 'none') this.#becomeReady(connection)
  }

  #becomeReady(connection: McperfConnection): void {
    this.#ready.add(connection)
    this.#scheduler.soon()
  }

  #openConnection(): void {
    const slot = this.#freeSlots.pop() ?? this.#connections.length
    const connection = new McperfConnection({slot, owner: this})
    this.#connections[slot] = connection
    this.#created++
    this.#counters.connectionsIssued++
    const {target, noDelay} = this.#plan
    connection.open({target, noDelay, readBuffer: this.#readBuffer, nowMs: this.#clock()})
  }

  /** Whether no connection is about to open and no reply can come. */
  #isIdle(): boolean {
    const connecting = this.liveCount - this.#counters.connectionsOpen
    return this.#awaitsReplies && this.#sender.inFlight === 0 && connecting === 0
  }

  #freeSlot(slot: number): void {
    this.#connections[slot] = undefined
    this.#freeSlots.push(slot)
  }

  #turn(): void {
    const nowMs = this.#clock()
    this.#openDueConnections(nowMs)
    this.#sendReady()
    this.#sendDue(nowMs)
    this.#scheduler.at(Math.min(this.#due.nextDueMs, this.#nextConnectionMs))
  }

  #openDueConnections(nowMs: number): void {
    while (nowMs > this.#nextConnectionMs && this.#created < this.#plan.connections) {
      this.#openConnection()
      this.#nextConnectionMs += this.#connectionDraws.next() * 1000
    }
    if (this.#created === this.#plan.connections) this.#nextConnectionMs = Number.POSITIVE_INFINITY
  }

  #sendReady(): void {
    const closedLoop = this.#plan.callInterval.kind === 'none'
    this.#ready.sendAll(connection => {
      if (connection.state !== 'open') return
      if (closedLoop) this.#createReadyCalls(connection)
      this.#send(connection)
    })
  }

  /** Creates the next call of a closed loop; with noreply, where a call is complete when it is sent, as many as fit into one write. */
  #createReadyCalls(connection: McperfConnection): void {
    const {calls} = this.#plan
    if (this.#awaitsReplies) {
      if (connection.created < calls && connection.created === connection.completed) this.#sender.create(connection)
      return
    }
    if (connection.blockedMs > 0 || connection.unsentKeys.count > 0) return
    for (let room = this.#sender.batchBytes; room > 0 && connection.created < calls; ) {
      room -= this.#sender.create(connection)
    }
  }

  #sendDue(startMs: number): void {
    const due = this.#due
    let nowMs = startMs
    while (due.nextDueMs < nowMs && nowMs - startMs < TURN_MAX_MS) {
      this.#sendDueCalls(this.#connections[due.nextSlot]!, nowMs)
      nowMs = this.#clock()
    }
  }

  /** Sends the due calls of the connection at the head of the queue. */
  #sendDueCalls(connection: McperfConnection, nowMs: number): void {
    if (connection.state !== 'open') {
      this.#due.drop()
      this.#freeSlot(connection.slot)
      return
    }
    do {
      this.#sender.create(connection)
      if (connection.created === this.#plan.calls) break
      connection.dueMs += this.#callDraws.next() * 1000
    } while (connection.dueMs < nowMs)
    if (connection.created === this.#plan.calls) {
      this.#due.drop()
      connection.scheduled = false
    } else this.#due.delay(connection.dueMs)
    this.#send(connection)
  }

  #send(connection: McperfConnection): void {
    this.#sender.send(connection)
    if (!this.#awaitsReplies && connection.blockedMs === 0) this.#afterCompletion(connection)
  }
}
