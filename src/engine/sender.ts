import type {Connection} from './connection.js'
import type {LoadPlan} from './plan.js'
import type {Recorder} from './recorder.js'
import {RequestWriter} from './request-writer.js'

/** Renders calls and hands them to sockets, many calls of one connection in one write. */
export class Sender {
  readonly #writer: RequestWriter
  readonly #recorder: Recorder
  readonly #clock: () => number

  constructor({plan, recorder, clock}: {plan: LoadPlan; recorder: Recorder; clock: () => number}) {
    this.#writer = new RequestWriter(plan)
    this.#recorder = recorder
    this.#clock = clock
  }

  /** Whether another call can join those rendered since the last write(). */
  get hasRoom(): boolean {
    return this.#writer.hasRoom
  }

  /** Renders the connection's next call; write() must follow before another connection's turn. */
  render(connection: Connection, intendedMs: number): void {
    const {workload} = connection
    workload.next()
    this.#writer.append(workload)
    const sentMs = this.#clock()
    connection.pending.push(intendedMs, sentMs, workload.method)
    connection.sentCalls++
    this.#recorder.sent(connection, intendedMs, sentMs)
  }

  /** @returns false when the socket could not take everything at once; connection.flushed() follows */
  write(connection: Connection): boolean {
    const bytes = this.#writer.take()
    this.#recorder.bytesOut += bytes.length
    if (connection.write(bytes)) return true
    this.#writer.retire()
    return false
  }
}
