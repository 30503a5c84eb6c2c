import type {McperfConnection} from './connection.js'
import type {McperfCounters} from './counters.js'
import {Draws, roundHalfToEven} from './distribution.js'
import {Moments} from './moments.js'
import {awaitsReplies, type McperfPlan} from './plan.js'
import {RequestRenderer} from './request-renderer.js'

/** Creates calls, each with the next key and size of the run, and writes them. */
export class McperfSender {
  /** Bytes of one write, about. */
  readonly batchBytes = 32 * 1024
  /** Calls that wait for replies, of all connections. */
  inFlight = 0
  readonly #renderer: RequestRenderer
  readonly #sizes: Draws
  readonly #counters: McperfCounters
  readonly #clock: () => number
  readonly #awaitsReplies: boolean
  /** Sizes of the requests in the current write. */
  readonly #batch = new Moments()
  #nextKey = 1

  constructor({plan, counters, clock}: {plan: McperfPlan; counters: McperfCounters; clock: () => number}) {
    this.#renderer = new RequestRenderer(plan)
    this.#sizes = new Draws(plan.sizes, plan.client)
    this.#counters = counters
    this.#clock = clock
    this.#awaitsReplies = awaitsReplies(plan)
  }

  /** Creates the connection's next call; send() must follow. @returns the length of its request, in bytes */
  create(connection: McperfConnection): number {
    const size = roundHalfToEven(this.#sizes.next())
    connection.unsentKeys.push(this.#nextKey)
    connection.unsentSizes.push(size)
    // mcperf's counter has 32 bits.
    this.#nextKey = (this.#nextKey + 1) >>> 0
    connection.created++
    return this.#renderer.length(size)
  }

  /** Writes the calls of a connection until none is left or its socket is full. */
  send(connection: McperfConnection): void {
    while (connection.unsentKeys.count > 0 && connection.blockedMs === 0 && connection.state === 'open') {
      this.#write(connection)
    }
  }

  /** The socket has accepted what it could not take at once. */
  flushed(connection: McperfConnection): void {
    this.#sent(connection, connection.flushing)
  }

  #write(connection: McperfConnection): void {
    const {unsentKeys, unsentSizes, pending} = connection
    const renderer = this.#renderer
    const nowMs = this.#clock()
    do {
      const key = unsentKeys.shift()
      const size = unsentSizes.shift()
      const length = renderer.length(size)
      this.#batch.add(length)
      if (this.#awaitsReplies) {
        pending.push(nowMs)
        this.inFlight++
      }
      if (!renderer.hasRoom(length)) {
        this.#settle(connection, connection.writePieces(renderer.pieces(key, size), nowMs))
        return
      }
      renderer.append(key, size)
    } while (unsentKeys.count > 0 && renderer.hasRoom(renderer.length(unsentSizes.first)))
    const taken = connection.write(renderer.take(), nowMs)
    if (!taken) renderer.retire()
    this.#settle(connection, taken)
  }

  #settle(connection: McperfConnection, taken: boolean): void {
    if (taken) this.#sent(connection, this.#batch)
    else {
      connection.flushing.addAll(this.#batch)
      this.#batch.reset()
    }
  }

  /** All requests of a write have been handed to the system. */
  #sent(connection: McperfConnection, batch: Moments): void {
    this.#counters.requests.addAll(batch)
    if (!this.#awaitsReplies) connection.completed += batch.count
    batch.reset()
  }
}
