import {DueQueue} from '../generator/due-queue.js'
import {ReadyList} from '../generator/ready-list.js'
import type {Connection} from './connection.js'
import type {Sender} from './sender.js'

/** Decides when which connection sends. */
export interface Pacer {
  /** The connection may send from now on; again when it was opened again. */
  admit(connection: Connection): void
  /** A call of the connection is complete. */
  replied(connection: Connection): void
  /** The connection's socket takes bytes again. */
  flushed(connection: Connection): void
  /** Schedules have changed. */
  rescheduled(): void
  /** Sends what is due. @returns when the next call is due; Infinity when that depends on replies */
  turn(nowMs: number): number
}

/** Longest time of one turn: replies must be read in between, or sending late calls delays the clock on the others. */
const TURN_MAX_MS = 0.5

/** Sends by the schedule, whatever is still under way; a call that could not leave in time leaves as soon as it can. */
export class OpenLoopPacer implements Pacer {
  readonly #connections: readonly Connection[]
  readonly #sender: Sender
  readonly #clock: () => number
  readonly #queue: DueQueue

  constructor(parts: {connections: readonly Connection[]; sender: Sender; clock: () => number}) {
    this.#connections = parts.connections
    this.#sender = parts.sender
    this.#clock = parts.clock
    this.#queue = new DueQueue(parts.connections.length)
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
      // What its socket cannot take yet comes back by flushed().
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

  /** Of the connection that heads the queue. */
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

/** So many connections that are ready send at once: the server has work while the other replies are being read. */
const SENT_TOGETHER = 16

/** Keeps so many calls of a connection under way: sends the next when the one before it is complete. */
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

  /** Connections that became ready in one turn of the event loop send together: fewer wake-ups of the server. */
  turn(nowMs: number): number {
    this.#ready.sendAll(this.#fillIfOpen)
    return this.#ready.count > 0 ? nowMs : Number.POSITIVE_INFINITY
  }

  #fill(connection: Connection): void {
    const {pending, schedule} = connection
    let calls = this.#pipeline - pending.count
    if (calls <= 0 || schedule.exhausted) return
    // Read once for calls that leave in one write: rendering them all takes a microsecond or two.
    const sentMs = this.#clock()
    for (; calls > 0 && !schedule.exhausted && this.#sender.hasRoom; calls--) {
      // Without a schedule a call is meant to start when it does.
      this.#sender.render(connection, sentMs, sentMs)
    }
    const flushed = this.#sender.write(connection)
    // What needs no reply is complete as soon as it is sent.
    if (flushed && pending.count < this.#pipeline) this.#enqueue(connection)
  }

  #enqueue(connection: Connection): void {
    if (!connection.schedule.exhausted) this.#ready.add(connection)
  }
}
