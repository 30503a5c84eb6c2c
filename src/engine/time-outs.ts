import type {Connection} from './connection.js'
import type {LoadPlan} from './plan.js'
import type {Recorder} from './recorder.js'

/** Looks at all connections ten times within the shortest time-out, within these limits. */
const SHORTEST_INTERVAL_MS = 5
const LONGEST_INTERVAL_MS = 100

/** Ends connections whose opening or oldest call has waited too long, so that no server can hang a load. */
export class TimeOuts {
  readonly #connections: readonly Connection[]
  readonly #recorder: Recorder
  readonly #clock: () => number
  readonly #callMs: number
  readonly #connectMs: number
  readonly #intervalMs: number
  #interval: NodeJS.Timeout | undefined
  #lookedMs = 0
  #closeAtMs = Number.POSITIVE_INFINITY

  constructor(parts: {
    plan: LoadPlan
    connections: readonly Connection[]
    recorder: Recorder
    clock: () => number
  }) {
    const {timeoutMs, connectTimeoutMs} = parts.plan
    this.#connections = parts.connections
    this.#recorder = parts.recorder
    this.#clock = parts.clock
    this.#callMs = timeoutMs
    this.#connectMs = connectTimeoutMs ?? timeoutMs
    const wantedMs = Math.min(this.#callMs, this.#connectMs) / 10
    this.#intervalMs = Math.min(LONGEST_INTERVAL_MS, Math.max(SHORTEST_INTERVAL_MS, wantedMs))
  }

  get watching(): boolean {
    return this.#interval !== undefined
  }

  start(): void {
    this.#lookedMs = this.#clock()
    this.#interval = setInterval(() => this.#look(), this.#intervalMs)
  }

  /** From this time of the clock on connections are closed though replies are due; the earliest that was asked for. */
  closeAt(ms: number): void {
    this.#closeAtMs = Math.min(this.#closeAtMs, ms)
  }

  stop(): void {
    clearInterval(this.#interval)
    this.#interval = undefined
  }

  #look(): void {
    const nowMs = this.#clock()
    const heldUp = nowMs - this.#lookedMs > 2 * this.#intervalMs
    this.#lookedMs = nowMs
    // After a standstill of our own the replies may lie unread in the sockets: they come first.
    if (heldUp) return
    for (const connection of this.#connections) {
      if (connection.state === 'connecting') {
        if (connection.sinceMs <= nowMs - this.#connectMs) connection.fail('connect time-out')
      } else if (connection.alive && connection.pending.count > 0) this.#endIfStuck(connection, nowMs)
    }
  }

  #endIfStuck(connection: Connection, nowMs: number): void {
    const expiredMs = nowMs - this.#callMs
    if (connection.pending.sentMs <= expiredMs) {
      this.#recorder.timedOut(connection, expiredMs)
      connection.fail('call time-out')
    } else if (nowMs >= this.#closeAtMs) connection.close()
  }
}
