import {TimeoutSweep} from '../generator/timeout-sweep.js'
import type {Recorder} from '../measure/recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import type {Connection} from './connection.js'

/** Time-outs of connects and calls: ends connections that wait too long, so that no server can hang a load. */
export class TimeOuts {
  readonly #connections: readonly Connection[]
  readonly #recorder: Recorder
  readonly #callMs: number
  readonly #connectMs: number
  readonly #callsToGiveUp: number
  readonly #sweep: TimeoutSweep
  #closeAtMs = Number.POSITIVE_INFINITY

  constructor(options: {
    plan: LoadPlan
    connections: readonly Connection[]
    recorder: Recorder
    clock: () => number
  }) {
    const {plan, connections, recorder, clock} = options
    const {timeoutMs, connectTimeoutMs, timeoutsToGiveUp} = plan
    this.#connections = connections
    this.#recorder = recorder
    this.#callMs = timeoutMs
    this.#connectMs = connectTimeoutMs ?? timeoutMs
    this.#callsToGiveUp = timeoutsToGiveUp
    this.#sweep = new TimeoutSweep({
      shortestTimeoutMs: Math.min(this.#callMs, this.#connectMs),
      connectionCount: () => connections.length,
      look: nowMs => this.#endStuck(nowMs),
      clock,
    })
  }

  get watching(): boolean {
    return this.#sweep.watching
  }

  start(): void {
    this.#sweep.start()
  }

  /** Closes connections from this time of the clock on, even if replies are due; the earliest time counts. */
  closeAt(ms: number): void {
    this.#closeAtMs = Math.min(this.#closeAtMs, ms)
  }

  stop(): void {
    this.#sweep.stop()
  }

  #endStuck(nowMs: number): number {
    let nextMs = Number.POSITIVE_INFINITY
    for (const connection of this.#connections) nextMs = Math.min(nextMs, this.#endIfStuck(connection, nowMs))
    return nextMs
  }

  /** @returns when its time-out is due; Infinity when that is not known */
  #endIfStuck(connection: Connection, nowMs: number): number {
    const {state, pending} = connection
    if (state === 'connecting') {
      const dueMs = connection.connectingSinceMs + this.#connectMs
      if (dueMs <= nowMs) connection.fail('connect time-out')
      return dueMs <= nowMs ? Number.POSITIVE_INFINITY : dueMs
    }
    if (!connection.alive || pending.count === 0) return Number.POSITIVE_INFINITY
    const dueMs =
      pending.count < this.#callsToGiveUp
        ? Number.POSITIVE_INFINITY
        : pending.sentMsOf(this.#callsToGiveUp - 1) + this.#callMs
    if (dueMs > nowMs && nowMs < this.#closeAtMs) return dueMs
    // Calls that were given up alone are counted when their replies come, or here.
    this.#recorder.timedOut(connection, nowMs - this.#callMs)
    if (dueMs <= nowMs) connection.fail('call time-out')
    else connection.close()
    return Number.POSITIVE_INFINITY
  }
}
