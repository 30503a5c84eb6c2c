import type {Recorder} from '../measure/recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import type {Connection} from './connection.js'

/** Looks at all connections ten times within the shortest time-out, within these limits, and when a time-out is due. */
const SHORTEST_INTERVAL_MS = 5
const LONGEST_INTERVAL_MS = 100
/** At most so many are looked at in each ms, on the average. */
const CONNECTIONS_PER_MS = 1000
/** More late looks in a row are no standstill: what floods this thread with bytes would keep it from ever looking. */
const HELD_UP_LOOKS = 3

/** Ends connections whose opening or oldest call has waited too long, so that no server can hang a load. */
export class TimeOuts {
  readonly #connections: readonly Connection[]
  readonly #recorder: Recorder
  readonly #clock: () => number
  readonly #callMs: number
  readonly #connectMs: number
  readonly #callsToGiveUp: number
  readonly #intervalMs: number
  /** A look at very many connections takes its time. */
  readonly #finestMs: number
  #timer: NodeJS.Timeout | undefined
  #dueMs = 0
  /** Late looks in a row. */
  #heldUpLooks = 0
  #closeAtMs = Number.POSITIVE_INFINITY

  constructor(parts: {
    plan: LoadPlan
    connections: readonly Connection[]
    recorder: Recorder
    clock: () => number
  }) {
    const {timeoutMs, connectTimeoutMs, timeoutsToGiveUp} = parts.plan
    this.#connections = parts.connections
    this.#recorder = parts.recorder
    this.#clock = parts.clock
    this.#callMs = timeoutMs
    this.#connectMs = connectTimeoutMs ?? timeoutMs
    this.#callsToGiveUp = timeoutsToGiveUp
    this.#finestMs = Math.max(1, parts.connections.length / CONNECTIONS_PER_MS)
    const wantedMs = Math.min(this.#callMs, this.#connectMs) / 10
    this.#intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, wantedMs))
  }

  get watching(): boolean {
    return this.#timer !== undefined
  }

  start(): void {
    this.#lookAgain(this.#intervalMs)
  }

  /** From this time of the clock on connections are closed though replies are due; the earliest that was asked for. */
  closeAt(ms: number): void {
    this.#closeAtMs = Math.min(this.#closeAtMs, ms)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  #lookAgain(inMs: number): void {
    this.#dueMs = this.#clock() + inMs
    this.#timer = setTimeout(() => this.#look(), inMs)
  }

  #look(): void {
    const nowMs = this.#clock()
    // After a standstill of our own the replies may lie unread in the sockets: they come first.
    this.#heldUpLooks = nowMs - this.#dueMs > this.#intervalMs ? this.#heldUpLooks + 1 : 0
    const heldUp = this.#heldUpLooks > 0 && this.#heldUpLooks <= HELD_UP_LOOKS
    let nextMs = nowMs + (heldUp ? SHORTEST_INTERVAL_MS : this.#intervalMs)
    if (!heldUp) {
      for (const connection of this.#connections) nextMs = Math.min(nextMs, this.#endIfStuck(connection, nowMs))
    }
    // The end of the last connection has stopped the watch.
    if (this.watching) this.#lookAgain(Math.max(this.#finestMs, nextMs - nowMs))
  }

  /** @returns when it is to be ended, as far as that is known */
  #endIfStuck(connection: Connection, nowMs: number): number {
    const {state, pending} = connection
    if (state === 'connecting') {
      const dueMs = connection.sinceMs + this.#connectMs
      if (dueMs <= nowMs) connection.fail('connect time-out')
      return dueMs <= nowMs ? Number.POSITIVE_INFINITY : dueMs
    }
    if (!connection.alive || pending.count === 0) return Number.POSITIVE_INFINITY
    const dueMs =
      pending.count < this.#callsToGiveUp
        ? Number.POSITIVE_INFINITY
        : pending.sentMsOf(this.#callsToGiveUp - 1) + this.#callMs
    if (dueMs > nowMs && nowMs < this.#closeAtMs) return dueMs
    // Calls that are given up alone are booked by their replies, or here.
    this.#recorder.timedOut(connection, nowMs - this.#callMs)
    if (dueMs <= nowMs) connection.fail('call time-out')
    else connection.close()
    return Number.POSITIVE_INFINITY
  }
}
