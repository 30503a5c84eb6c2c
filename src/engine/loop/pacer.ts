import {DueQueue} from '../generator/due-queue.js'
import {ReadyList} from '../generator/ready-list.js'
import type {Connection} from './connection.js'
import type {Sender} from './sender.js'

/** Decides which connection sends when. */
export interface Pacer {
  /** The connection may send from now on; called again after it was reopened. */
  admit(connection: Connection): void
  /** A call of the connection is complete. */
  replied(connection: Connection): void
  /** The connection's socket accepts bytes again. */
  flushed(connection: Connection): void
  /** Schedules have changed. */
  rescheduled(): void
  /** Sends what is due. @returns when the next call is due; Infinity when that depends on replies */
  turn(nowMs: number): number
}

/** Longest time of one turn: replies must be read in between, or they seem later than they came. */
const TURN_MAX_MS = 0.5

/** Open loop: sends on schedule, however many calls are in flight; a late call is sent as soon as possible. */
export class OpenLoopPacer implements Pacer {
  readonly #connections: readonly Connection[]
  readonly #sender: Sender
  readonly #clock: () => number
  readonly #queue: DueQueue

  constructor(options: {connections: readonly Connection[]; sender: Sender; clock: () => number}) {
    const {connections, sender, clock} = options
    this.#connections = connections
    this.#sender = sender
    this.#clock = clock
    this.#queue = new DueQueue(connections.length)
  }

  admit(connection: Connection): void {
    this.#enqueue(connection)
  }

  replied(): void {}

  flushed(connection: Connection): void {
    this.#enqueue(connection)
  }

  rescheduled(): void {
    this.#queue.clear()
    for (const connection of this.#connections) {
      // A connection whose socket is full comes back by flushed().
      const mayBeQueued = connection.queued || (connection.state === 'open' && !connection.backedUp)
      connection.queued = false
      if (mayBeQueued) this.#enqueue(connection)
    }
  }

  turn(startMs: number): number {
    const queue = this.#queue
    let nowMs = startMs
    while (queue.nextDueMs <= nowMs && nowMs - startMs < TURN_MAX_MS) {
      this.#sendDueCalls(this.#connections[queue.nextSlot]!, nowMs)
      nowMs = this.#clock()
    }
    return queue.nextDueMs
  }

  /** Sends the due calls of the connection at the head of the queue. */
  #sendDueCalls(connection: Connection, nowMs: number): void {
    if (connection.state !== 'open') {
      this.#drop(connection)
      return
    }
    do {
      this.#sender.render(connection, connection.dueMs, nowMs)
    } while (connection.dueMs <= nowMs && this.#sender.hasRoom)
    const flushed = this.#sender.write(connection)
    if (flushed && !connection.schedule.exhausted) this.#queue.delay(connection.dueMs)
    else this.#drop(connection)
  }

  #enqueue(connection: Connection): void {
    if (connection.queued || connection.schedule.exhausted) return
    connection.queued = true
    this.#queue.push(connection.slot, connection.dueMs)
  }

  #drop(connection: Connection): void {
    connection.queued = false
    this.#queue.drop()
  }
}

/** This many ready connections send at once, so that the server has work while the other replies are read. */
const SENT_TOGETHER = 16

/** Closed loop: keeps `pipeline` calls of each connection in flight, and sends the next when one is complete. */
export class ClosedLoopPacer implements Pacer {
  readonly #sender: Sender
  readonly #pipeline: number
  readonly #clock: () => number
  readonly #ready = new ReadyList<Connection>()
  readonly #fillIfOpen = (connection: Connection): void => {
    if (connection.state === 'open') this.#fill(connection)
  }

  constructor({sender, pipeline, clock}: {sender: Sender; pipeline: number; clock: () => number}) {
    this.#sender = sender
    this.#pipeline = pipeline
    this.#clock = clock
  }

  admit(connection: Connection): void {
    this.#enqueue(connection)
  }

  replied(connection: Connection): void {
    this.#enqueue(connection)
    if (this.#ready.count >= SENT_TOGETHER) this.turn(this.#clock())
  }

  flushed(connection: Connection): void {
    this.#enqueue(connection)
  }

  rescheduled(): void {}

  /** Sends for all connections that became ready in one turn of the event loop: fewer wake-ups of the server. */
  turn(nowMs: number): number {
    this.#ready.sendAll(this.#fillIfOpen)
    return this.#ready.count > 0 ? nowMs : Number.POSITIVE_INFINITY
  }

  #fill(connection: Connection): void {
    const {pending, schedule} = connection
    let calls = this.#pipeline - pending.count
    if (calls <= 0 || schedule.exhausted) return
    // One reading of the clock for all calls of a write: rendering them takes a microsecond or two.
    const sentMs = this.#clock()
    for (; calls > 0 && !schedule.exhausted && this.#sender.hasRoom; calls--) {
      // Without a schedule a call is intended when it is sent.
      this.#sender.render(connection, sentMs, sentMs)
    }
    const flushed = this.#sender.write(connection)
    // A noreply call is complete when it is sent.
    if (flushed && pending.count < this.#pipeline) this.#enqueue(connection)
  }

  #enqueue(connection: Connection): void {
    if (!connection.schedule.exhausted) this.#ready.add(connection)
  }
}
