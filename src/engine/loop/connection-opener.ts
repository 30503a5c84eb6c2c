import type {Address} from '../../protocol/address.js'
import type {Connection} from './connection.js'
import {nextAttempt} from './next-attempt.js'

/** More at once overrun the listen queue of many servers. */
const CONNECTING_MAX = 100

/** What is remembered of a connection's attempts. */
interface Attempts {
  /** Place in the list of targets. */
  target: number
  /** Since it was last open. */
  failures: number
  firstFailureMs: number
}

interface OpenerOptions {
  readonly targets: readonly Address[]
  /** Connections begin at all targets in turn; else all at the first. */
  readonly spread: boolean
  /** A connection that fails tries the next target, after so many more attempts at its own. */
  readonly failover: boolean
  readonly retries: number
  /** Between attempts at one target; null = with backoff. */
  readonly retryDelayMs: number | null
  /** Before the first of them; null = as the others. */
  readonly firstRetryDelayMs: number | null
  /** Before another target is asked for the first time. */
  readonly failoverDelayMs: number
  readonly connectionCount: number
  readonly clock: () => number
  /** Every connection that was asked for is open or has failed. */
  readonly onIdle: () => void
}

/** Opens connections, not too many at a time, again with backoff, and to another target where that is wanted. */
export class ConnectionOpener {
  readonly #options: OpenerOptions
  readonly #readBuffer = Buffer.allocUnsafeSlow(64 * 1024)
  readonly #attempts: readonly Attempts[]
  readonly #timers = new Map<Connection, NodeJS.Timeout>()
  #queue: Connection[] = []
  #connecting = 0

  constructor(options: OpenerOptions) {
    this.#options = options
    this.#attempts = Array.from({length: options.connectionCount}, () => ({target: -1, failures: 0, firstFailureMs: 0}))
  }

  /** Opens it as soon as those that are connecting leave room. */
  open(connection: Connection): void {
    connection.state = 'waiting'
    this.#queue.push(connection)
    this.#openQueued()
  }

  /** Opens it again after a while: at its own target as often as the plan wants, then at the next. */
  openLater(connection: Connection): void {
    const {failover, targets, clock, ...policy} = this.#options
    const attempts = this.#attempts[connection.slot]!
    if (attempts.failures === 0) attempts.firstFailureMs = clock()
    const step = nextAttempt({
      failures: attempts.failures,
      ...policy,
      targets: failover ? targets.length : 1,
    })
    attempts.failures++
    if (step.switches) attempts.target = (this.#targetOf(connection) + 1) % targets.length
    connection.state = 'waiting'
    const open = (): void => {
      this.#timers.delete(connection)
      this.open(connection)
    }
    this.#timers.set(connection, setTimeout(open, step.delayMs))
  }

  /** Opens it at the target where it began. */
  openAtHome(connection: Connection): void {
    this.#attempts[connection.slot]!.target = this.#homeOf(connection)
    this.open(connection)
  }

  /** For how long the connection has failed again and again, in ms. */
  failingMs(connection: Connection): number {
    const {failures, firstFailureMs} = this.#attempts[connection.slot]!
    return failures === 0 ? 0 : this.#options.clock() - firstFailureMs
  }

  isAway(connection: Connection): boolean {
    return this.#targetOf(connection) !== this.#homeOf(connection)
  }

  /** It was connecting, and is open now. */
  opened(connection: Connection): void {
    this.#attempts[connection.slot]!.failures = 0
    this.#settled()
  }

  /** It was connecting, and failed. */
  failed(): void {
    this.#settled()
  }

  /** Opens nothing more. @returns the connections that were waiting */
  stop(): Connection[] {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    const waiting = [...this.#timers.keys(), ...this.#queue]
    this.#timers.clear()
    this.#queue = []
    return waiting
  }

  get busy(): boolean {
    return this.#connecting > 0
  }

  /** Addresses where connections began. */
  get homes(): readonly Address[] {
    return this.#options.spread ? this.#options.targets : this.#options.targets.slice(0, 1)
  }

  isHome(connection: Connection, home: Address): boolean {
    return this.#options.targets[this.#homeOf(connection)] === home
  }

  #settled(): void {
    this.#connecting--
    this.#openQueued()
  }

  #openQueued(): void {
    const {targets, clock, onIdle} = this.#options
    let at = 0
    for (; at < this.#queue.length && this.#connecting < CONNECTING_MAX; at++) {
      const connection = this.#queue[at]!
      this.#connecting++
      connection.open({target: targets[this.#targetOf(connection)]!, readBuffer: this.#readBuffer, nowMs: clock()})
    }
    this.#queue.splice(0, at)
    if (this.#connecting === 0 && this.#queue.length === 0) onIdle()
  }

  #targetOf(connection: Connection): number {
    const {target} = this.#attempts[connection.slot]!
    return target < 0 ? this.#homeOf(connection) : target
  }

  #homeOf(connection: Connection): number {
    return this.#options.spread ? connection.index % this.#options.targets.length : 0
  }
}
