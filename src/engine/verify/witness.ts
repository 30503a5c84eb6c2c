import type {Address} from '../../protocol/address.js'
import type {AckTimes} from './ack-times.js'
import type {FailoverLog, HeldState} from './failover-log.js'

/** Links keep order, but the clocks of client and probe are read a little before and after the servers acted. */
const MARGIN_MS = 100
const NOWHERE = -1

interface WitnessParts {
  readonly log: FailoverLog
  readonly acks: AckTimes
  /** To be added to performance.now() for the clock of the acknowledgements. */
  readonly ackClockMs: number
  readonly connection: number
  /** Where connections go. */
  readonly servers: readonly Address[]
}

/**
 * Sees what a server held when a connection came to it: knows which keys have
 * to be asked for before the connection writes them for the first time there,
 * and notes what was found. A key's owner is the only one who writes it, so
 * that nobody can have overwritten it before.
 */
export class Witness {
  readonly #parts: WitnessParts
  /** That answered last. */
  #served = NOWHERE
  /** Where it is open, and has had no answer yet; else nowhere. */
  #unserved = NOWHERE
  /** When that server had been started, as it answered last. */
  #servedStartMs = 0
  #failed = false
  /** Keys that were last acknowledged between these times are at risk. */
  #riskFromMs = 0
  #switchedMs = 0

  constructor(parts: WitnessParts) {
    this.#parts = parts
  }

  closed(): void {
    this.#failed = true
  }

  /** @param nowMs on performance.now() */
  opened(server: Address, nowMs: number): void {
    const {log, ackClockMs, servers} = this.#parts
    const from = this.#served
    const to = servers.findIndex(({host, port}) => host === server.host && port === server.port)
    this.#unserved = to
    if (!this.#isSwitch(from, to)) return
    // A server that was started anew has what its peer had, and has given it back.
    const peer = servers.findIndex((_, place) => place !== from)
    const ways = to === from ? [log.crossedMs(from, peer), log.crossedMs(peer, to)] : [log.crossedMs(from, to)]
    this.#riskFromMs = Math.max(0, Math.min(...ways) - MARGIN_MS)
    this.#switchedMs = nowMs + ackClockMs
  }

  /** The server has answered: a frozen one takes connections, too, and nobody is served there. */
  answered(): void {
    if (this.#unserved === NOWHERE) return
    const {log, connection} = this.#parts
    const from = this.#served
    const to = this.#unserved
    this.#served = to
    this.#unserved = NOWHERE
    const isSwitch = this.#isSwitch(from, to)
    this.#failed = false
    this.#servedStartMs = log.startedMs(to)
    if (isSwitch) log.switched({connection, from, to, riskFromMs: this.#riskFromMs, atMs: this.#switchedMs})
  }

  /** A connection that comes back to the same process finds what it left. */
  #isSwitch(from: number, to: number): boolean {
    if (from === NOWHERE) return false
    return to !== from || (this.#failed && this.#parts.log.startedMs(to) !== this.#servedStartMs)
  }

  /** There will be no answer to a key that was asked for. @param nowMs on performance.now() */
  unanswered(key: number, nowMs: number): void {
    if (this.#unserved === NOWHERE) this.found(key, {state: 'unanswered', version: 0, nowMs})
  }

  /** The server may hold less of the key than was acknowledged, and its owner has not written it since the switch. */
  isAtRisk(key: number): boolean {
    if (this.#switchedMs === 0) return false
    const lastMs = this.#parts.acks.lastMs(key)
    if (lastMs === null || lastMs > this.#switchedMs) return false
    const {log} = this.#parts
    if (lastMs < this.#riskFromMs && log.widenedMs < this.#switchedMs) return false
    return log.settledMs < this.#switchedMs || lastMs >= log.settledAcksMs
  }

  /** A key at risk is asked for. */
  asks(): void {
    this.#parts.log.countWitnessRead()
  }

  /** What was there before the key was written. @param nowMs on performance.now() */
  found(key: number, held: {state: HeldState; version: number; nowMs: number}): void {
    const {log, ackClockMs, connection} = this.#parts
    this.answered()
    log.touched({key, state: held.state, version: held.version, connection, atMs: held.nowMs + ackClockMs})
  }

  /** A read of the load was wrong. @param held less than was acknowledged, `expected` @param nowMs on performance.now() */
  readBehind(key: number, held: {state: HeldState; version: number; expected: number; nowMs: number}): void {
    const {log, ackClockMs} = this.#parts
    const {nowMs, ...found} = held
    this.answered()
    log.readBehind({key, ...found, server: this.#served, atMs: nowMs + ackClockMs})
  }
}
