import type {Address} from '../../protocol/address.js'
import type {LoadPlan} from '../plan/plan.js'
import type {Connection} from './connection.js'

/** Connections that connect at the same time: more overflow the listen queue of many servers. */
const CONNECTING_MAX = 100

/** Attempts to open one connection. */
interface Attempts {
  /** Place in the list of targets. */
  target: number
  /** Failures since it was last open. */
  failures: number
  firstFailureMs: number
}

interface OpenerOptions {
  /** With failover a failed connection tries the next target, after `retries` more attempts at its own. */
  readonly plan: Pick<LoadPlan, 'failover' | 'retries' | 'retryDelayMs' | 'firstRetryDelayMs' | 'failoverDelayMs'>
  readonly targets: readonly Address[]
  /** Connections begin at all targets in turn; else all at the first. */
  readonly spread: boolean
  readonly connections: readonly Connection[]
  readonly clock: () => number
  /** Every connection to open is open or has failed. */
  readonly onIdle: () => void
}

/** Opens connections, a limited number at a time: on schedule, again with backoff, and at the next target on failover. */
export class ConnectionOpener {
  readonly #options: OpenerOptions
  readonly #readBuffer = Buffer.allocUnsafeSlow(64 * 1024)
  readonly #attempts: readonly Attempts[]
  readonly #timers = new Map<Connection, NodeJS.Timeout>()
  #queue: Connection[] = []
  #connecting = 0
  /** Place of the connection that the schedule opens next. */
  #nextToOpen = 0

  constructor(options: OpenerOptions) {
    this.#options = options
    this.#attempts = options.connections.map(() => ({target: -1, failures: 0, firstFailureMs: 0}))
  }

  /** Opens it as soon as fewer than the most are connecting. */
  open(connection: Connection): void {
    connection.wait()
    this.#queue.push(connection)
    this.#openQueued()
  }

  /**
   * Opens the connections that are due by their schedules.
   * @returns when the next connection is due; Infinity after the last
   */
  openDue({startMs, nowMs}: {startMs: number; nowMs: number}): number {
    for (;;) {
      const next = this.#options.connections[this.#nextToOpen]
      if (next === undefined) return Number.POSITIVE_INFINITY
      const dueMs = startMs + next.schedule.openAtMs
      if (dueMs > nowMs) return dueMs
      this.#nextToOpen++
      this.open(next)
    }
  }

  /** Opens it again after a delay: at its own target as often as the plan says, then at the next. */
  openLater(connection: Connection): void {
    const {plan, targets, clock} = this.#options
    const attempts = this.#attempts[connection.slot]!
    if (attempts.failures === 0) attempts.firstFailureMs = clock()
    const step = nextAttempt({
      failures: attempts.failures,
      retries: plan.retries,
      retryDelayMs: plan.retryDelayMs,
      firstRetryDelayMs: plan.firstRetryDelayMs,
      failoverDelayMs: plan.failoverDelayMs,
      targets: plan.failover ? targets.length : 1,
    })
    attempts.failures++
    if (step.switches) attempts.target = (this.#targetOf(connection) + 1) % targets.length
    connection.wait()
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

  /** Time since the first of its failures in a row, in ms; 0 after it was open. */
  failingMs(connection: Connection): number {
    const {failures, firstFailureMs} = this.#attempts[connection.slot]!
    return failures === 0 ? 0 : this.#options.clock() - firstFailureMs
  }

  /** Its target is not the one where it began. */
  isAway(connection: Connection): boolean {
    return this.#targetOf(connection) !== this.#homeOf(connection)
  }

  /** The connection was connecting and is open now. */
  opened(connection: Connection): void {
    this.#attempts[connection.slot]!.failures = 0
    this.#settled()
  }

  /** A connection that was connecting has failed. */
  failed(): void {
    this.#settled()
  }

  /** Opens no more connections. @returns those that were waiting */
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
    const {targets, onIdle} = this.#options
    let at = 0
    for (; at < this.#queue.length && this.#connecting < CONNECTING_MAX; at++) {
      const connection = this.#queue[at]!
      this.#connecting++
      connection.open({target: targets[this.#targetOf(connection)]!, readBuffer: this.#readBuffer})
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

const BACKOFF_MIN_MS = 10
const BACKOFF_MAX_MS = 500

interface FailedAttempts {
  /** Failures since the connection was last open. */
  readonly failures: number
  /** Number of targets; 1 = no failover. */
  readonly targets: number
  /** Extra attempts at one target before the next. */
  readonly retries: number
  /** Delay between attempts at one target; null = with backoff. */
  readonly retryDelayMs: number | null
  /** Delay before the first attempt at the same target after an open connection failed; null = as the others. */
  readonly firstRetryDelayMs: number | null
  /** Delay before the first attempt at another target. */
  readonly failoverDelayMs: number
}

/** What a client does after its connection failed: whether it tries the next target, and after how long. */
export function nextAttempt(attempts: FailedAttempts): {readonly switches: boolean; readonly delayMs: number} {
  const {failures, targets, retries, retryDelayMs, firstRetryDelayMs, failoverDelayMs} = attempts
  const tries = retries + 1
  const switches = targets > 1 && (failures + 1) % tries === 0
  // A target that was not tried yet may answer at once.
  if (switches && failures < tries * (targets - 1)) return {switches, delayMs: failoverDelayMs}
  if (failures === 0 && firstRetryDelayMs !== null) return {switches, delayMs: firstRetryDelayMs}
  const round = Math.floor(failures / Math.max(targets, 1))
  return {switches, delayMs: retryDelayMs ?? Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** round)}
}
