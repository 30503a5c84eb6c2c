import type {Address} from '../../protocol/address.js'
import type {LoadPlan} from '../plan/plan.js'
import type {Connection} from './connection.js'

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
  /** With failover a connection that fails tries the next target, after so many more attempts at its own. */
  readonly plan: Pick<LoadPlan, 'failover' | 'retries' | 'retryDelayMs' | 'firstRetryDelayMs' | 'failoverDelayMs'>
  readonly targets: readonly Address[]
  /** Connections begin at all targets in turn; else all at the first. */
  readonly spread: boolean
  readonly connections: readonly Connection[]
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
  /** Place of the connection that the schedule opens next. */
  #nextToOpen = 0

  constructor(options: OpenerOptions) {
    this.#options = options
    this.#attempts = options.connections.map(() => ({target: -1, failures: 0, firstFailureMs: 0}))
  }

  /** Opens it as soon as those that are connecting leave room. */
  open(connection: Connection): void {
    connection.wait()
    this.#queue.push(connection)
    this.#openQueued()
  }

  /**
   * Opens the connections whose time has come, by their schedules from the start of the load.
   * @returns when the next one's comes; Infinity after the last
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

  /** Opens it again after a while: at its own target as often as the plan wants, then at the next. */
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

interface AttemptParts {
  /** Since the connection was last open. */
  readonly failures: number
  /** Nodes that take turns; 1 = there is no other. */
  readonly targets: number
  /** Further attempts at a node before its turn is over. */
  readonly retries: number
  /** Between attempts at one node; null = with backoff. */
  readonly retryDelayMs: number | null
  /** Before the first attempt after an open connection failed, where that is at the same node; null = as the others. */
  readonly firstRetryDelayMs: number | null
  /** Before another node is asked for the first time. */
  readonly failoverDelayMs: number
}

/** What a client does after its connection failed: where it tries next, and when. */
export function nextAttempt(parts: AttemptParts): {readonly switches: boolean; readonly delayMs: number} {
  const {failures, targets, retries, retryDelayMs, firstRetryDelayMs, failoverDelayMs} = parts
  const tries = retries + 1
  const switches = targets > 1 && (failures + 1) % tries === 0
  // Another node may answer at once, as long as it has not been asked yet.
  if (switches && failures < tries * (targets - 1)) return {switches, delayMs: failoverDelayMs}
  if (failures === 0 && firstRetryDelayMs !== null) return {switches, delayMs: firstRetryDelayMs}
  const round = Math.floor(failures / Math.max(targets, 1))
  return {switches, delayMs: retryDelayMs ?? Math.min(BACKOFF_MAX_MS, BACKOFF_MIN_MS * 2 ** round)}
}
