import type {Connection} from './connection.js'
import {DueQueue} from './due-queue.js'
import type {Sender} from './sender.js'

/** Decides when which connection sends. */
export interface Pacer {
  /** The connection may send from now on. */
  admit(connection: Connection): void
  /** A call of the connection is complete. */
  replied(connection: Connection, nowMs: number): void
  /** The connection's socket takes bytes again. */
  flushed(connection: Connection): void
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
    connection.dueMs = connection.anchorMs
    this.#queue.push(connection.slot, connection.dueMs)
  }

  replied(): void {}

  flushed(connection: Connection): void {
    if (connection.sentCalls < connection.schedule.calls) this.#queue.push(connection.slot, connection.dueMs)
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
      this.#queue.drop()
      return
    }
    const {calls, intervalMs} = connection.schedule
    do {
      this.#sender.render(connection, connection.dueMs)
      connection.dueMs = connection.anchorMs + connection.sentCalls * intervalMs
    } while (connection.dueMs <= nowMs && connection.sentCalls < calls && this.#sender.hasRoom)
    const flushed = this.#sender.write(connection)
    if (flushed && connection.sentCalls < calls) this.#queue.delay(connection.dueMs)
    else this.#queue.drop()
  }
}

/** Sends the next call of a connection when the one before it is complete. */
export class ClosedLoopPacer implements Pacer {
  readonly #sender: Sender
  #ready: Connection[] = []
  #sending: Connection[] = []

  constructor({sender}: {sender: Sender}) {
    this.#sender = sender
  }

  admit(connection: Connection): void {
    this.#enqueue(connection, connection.anchorMs)
  }

  replied(connection: Connection, nowMs: number): void {
    if (connection.sentCalls < connection.schedule.calls) this.#enqueue(connection, nowMs)
  }

  flushed(): void {}

  /** All connections that became ready in one turn of the event loop send together: fewer wake-ups of the server. */
  turn(): number {
    const sending = this.#ready
    this.#ready = this.#sending
    this.#sending = sending
    for (const connection of sending) {
      if (connection.state !== 'open') continue
      this.#sender.render(connection, connection.dueMs)
      this.#sender.write(connection)
    }
    sending.length = 0
    return Number.POSITIVE_INFINITY
  }

  #enqueue(connection: Connection, nowMs: number): void {
    connection.dueMs = nowMs
    this.#ready.push(connection)
  }
}
