import type {Address} from '../../protocol/address.js'
import type {Recorder} from '../measure/recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import type {Connection} from './connection.js'
import {ConnectionOpener} from './connection-opener.js'
import {HomeWatch} from './home-watch.js'

/** A connection that fails this long is not reopened any more, so that a dead server ends a run of fixed calls. */
const REOPEN_MAX_MS = 30_000

interface FailoverPolicyOptions {
  readonly plan: LoadPlan
  readonly targets: readonly Address[]
  readonly spread: boolean
  readonly connections: readonly Connection[]
  readonly recorder: Recorder
  readonly clock: () => number
  /** Every connection to open is open or has failed. */
  readonly onSettled: () => void
  /** The connection drains; goHome() must follow when it has all replies. */
  readonly onDraining: (connection: Connection) => void
}

/** How the plan's clients handle failures: they reopen connections, fail over to the other server and return to the first. */
export class FailoverPolicy {
  readonly #options: FailoverPolicyOptions
  readonly #opener: ConnectionOpener
  readonly #homeWatch: HomeWatch
  /** Connections that are, or were last, open at another server than the one where they began. */
  readonly #away = new Set<Connection>()

  constructor(options: FailoverPolicyOptions) {
    const {plan, recorder, clock} = options
    this.#options = options
    this.#opener = new ConnectionOpener({...options, onIdle: options.onSettled})
    this.#homeWatch = new HomeWatch({
      steadyMs: plan.switchBackMs ?? 0,
      asking: plan.homeAsked,
      clock,
      onConnect: () => recorder.openings++,
      onAnswer: home => this.#callHome(home),
    })
  }

  /** Starts to probe failed servers, if the plan's clients return to them. */
  watchHomes(): void {
    const {failover, switchBackMs} = this.#options.plan
    if (failover && switchBackMs !== null) this.#homeWatch.start(() => this.#homesToWatch())
  }

  /** A connection is being opened. */
  get isConnecting(): boolean {
    return this.#opener.busy
  }

  open(connection: Connection): void {
    this.#opener.open(connection)
  }

  /** Opens the connections that are due. @returns when the next one is due; Infinity after the last */
  openDue(times: {startMs: number; nowMs: number}): number {
    return this.#opener.openDue(times)
  }

  /** The connection was connecting and is open now. */
  opened(connection: Connection): void {
    const wasAway = this.#away.has(connection)
    const isAway = this.#opener.isAway(connection)
    this.#options.recorder.connectionOpened(connection.openings === 1, {wasAway, isAway})
    if (isAway) this.#away.add(connection)
    else this.#away.delete(connection)
    this.#opener.opened(connection)
  }

  /** A connection that was connecting has failed. */
  connectFailed(): void {
    this.#opener.failed()
  }

  /** Reopens a failed connection, here or at the other server. @returns false when it must stay closed */
  reopen(connection: Connection): boolean {
    const {plan} = this.#options
    if (!(plan.reconnect || plan.failover) || connection.schedule.exhausted) return false
    if (this.#opener.failingMs(connection) >= REOPEN_MAX_MS) return false
    this.#opener.openLater(connection)
    return true
  }

  /** Moves a drained connection to the server where it began. */
  goHome(connection: Connection): void {
    connection.leave()
    this.#options.recorder.connections.open--
    this.#opener.openAtHome(connection)
  }

  /** Opens no more connections and closes those that waited. */
  stopOpening(): void {
    for (const connection of this.#opener.stop()) connection.close()
  }

  stop(): void {
    this.#homeWatch.stop()
  }

  #homesToWatch(): Address[] {
    const away = [...this.#away].filter(({state}) => state === 'open')
    return this.#opener.homes.filter(home => away.some(connection => this.#opener.isHome(connection, home)))
  }

  /** A server answers again: connections that began there return, after the replies to calls in flight. */
  #callHome(home: Address): void {
    for (const connection of this.#options.connections) {
      if (connection.state !== 'open' || !this.#away.has(connection) || !this.#opener.isHome(connection, home)) continue
      connection.drain()
      this.#options.onDraining(connection)
    }
  }
}
