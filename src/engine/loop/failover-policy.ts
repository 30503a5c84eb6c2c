import type {Address} from '../../protocol/address.js'
import type {Recorder} from '../measure/recorder.js'
import type {LoadPlan} from '../plan/plan.js'
import type {Connection} from './connection.js'
import {ConnectionOpener} from './connection-opener.js'
import {HomeWatch} from './home-watch.js'

/** A connection that can't be opened again for so long is given up, so that a dead server ends a run of fixed calls. */
const REOPEN_MAX_MS = 30_000

interface FailoverPolicyOptions {
  readonly plan: LoadPlan
  readonly targets: readonly Address[]
  readonly spread: boolean
  readonly connections: readonly Connection[]
  readonly recorder: Recorder
  readonly clock: () => number
  /** Every connection that was to be opened is open or has failed. */
  readonly onSettled: () => void
  /** The connection drains, to go home; goHome() is to follow when its replies are there. */
  readonly onDraining: (connection: Connection) => void
}

/** What the plan's clients do with their connections: open them, again when they fail, at the other server, and back home. */
export class FailoverPolicy {
  readonly #options: FailoverPolicyOptions
  readonly #opener: ConnectionOpener
  readonly #homeWatch: HomeWatch
  /** Open at another server than the one where they began, or last open there. */
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

  /** Asks homes that were given up whether they answer again, where the plan's clients do so. */
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

  /** Opens the connections whose time has come. @returns when the next one's comes; Infinity after the last */
  openDue(times: {startMs: number; nowMs: number}): number {
    return this.#opener.openDue(times)
  }

  /** It was connecting, and is open now. */
  opened(connection: Connection): void {
    const wasAway = this.#away.has(connection)
    const isAway = this.#opener.isAway(connection)
    this.#options.recorder.connectionOpened(connection.openings === 1, {wasAway, isAway})
    if (isAway) this.#away.add(connection)
    else this.#away.delete(connection)
    this.#opener.opened(connection)
  }

  /** It was connecting, and failed. */
  connectFailed(): void {
    this.#opener.failed()
  }

  /** A connection failed. @returns whether it is opened again, here or at the other server */
  reopen(connection: Connection): boolean {
    const {plan} = this.#options
    if (!(plan.reconnect || plan.failover) || connection.schedule.exhausted) return false
    if (this.#opener.failingMs(connection) >= REOPEN_MAX_MS) return false
    this.#opener.openLater(connection)
    return true
  }

  /** A connection that drained leaves its server and is opened where it began. */
  goHome(connection: Connection): void {
    connection.leave()
    this.#options.recorder.connections.open--
    this.#opener.openAtHome(connection)
  }

  /** Opens nothing more: connections that waited for it are closed. */
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

  /** The server at home answers again: whoever began there goes back, after the replies under way. */
  #callHome(home: Address): void {
    for (const connection of this.#options.connections) {
      if (connection.state !== 'open' || !this.#away.has(connection) || !this.#opener.isHome(connection, home)) continue
      connection.drain()
      this.#options.onDraining(connection)
    }
  }
}
