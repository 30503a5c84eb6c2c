import type {Address} from '../../protocol/address.js'
import type {AckTimes} from './ack-times.js'
import type {FailoverLog, HeldState} from './failover-log.js'

/** Client and probe read their clocks a little before and after the servers act. */
const MARGIN_MS = 100
const NOWHERE = -1

interface WitnessParts {
  readonly log: FailoverLog
  readonly acks: AckTimes
  /** Add it to performance.now() for the clock of the acknowledgements. */
  readonly ackClockMs: number
  readonly connection: number
  /** Of the connections. */
  readonly servers: readonly Address[]
}

/**
 * Learns what a server held when a connection came to it: says which keys must
 * be read before the connection writes them there for the first time, and
 * notes what was found. Only the owner of a key writes it, so nobody can have
 * overwritten it before.
 */
export class Witness {
  readonly #parts: WitnessParts
  /** The server that answered last. */
  #served = NOWHERE
  /** The server that it is open to without an answer yet; else nowhere. */
  #unserved = NOWHERE
  /** When that server had been restarted, as of its last answer. */
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
    // A restarted server has what its peer had got from it and has copied back.
    const peer = servers.findIndex((_, place) => place !== from)
    const ways = to === from ? [log.crossedMs(from, peer), log.crossedMs(peer, to)] : [log.crossedMs(from, to)]
    this.#riskFromMs = Math.max(0, Math.min(...ways) - MARGIN_MS)
    this.#switchedMs = nowMs + ackClockMs
  }

  /** The server has answered. To be open is not enough: a frozen server accepts connections too. */
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

  /** A witness read gets no answer. @param nowMs on performance.now() */
  unanswered(key: number, nowMs: number): void {
    if (this.#unserved === NOWHERE) this.found(key, {state: 'unanswered', version: 0, nowMs})
  }

  /** Whether the server may hold less than was acknowledged: its owner has not written the key since the switch. */
  isAtRisk(key: number): boolean {
    if (this.#switchedMs === 0) return false
    const lastMs = this.#parts.acks.lastMs(key)
    if (lastMs === null || lastMs > this.#switchedMs) return false
    const {log} = this.#parts
    if (lastMs < this.#riskFromMs && log.widenedMs < this.#switchedMs) return false
    return log.settledMs < this.#switchedMs || lastMs >= log.settledAcksMs
  }

  /** A witness read is sent. */
  asks(): void {
    this.#parts.log.countWitnessRead()
  }

  /** A witness read was answered. @param nowMs on performance.now() */
  found(key: number, held: {state: HeldState; version: number; nowMs: number}): void {
    const {log, ackClockMs, connection} = this.#parts
    this.answered()
    log.touched({key, state: held.state, version: held.version, connection, atMs: held.nowMs + ackClockMs})
  }

  /** A read of the load found less than the acknowledged version `expected`. `nowMs` is on performance.now(). */
  readBehind(key: number, held: {state: HeldState; version: number; expected: number; nowMs: number}): void {
    const {log, ackClockMs} = this.#parts
    const {nowMs, ...found} = held
    this.answered()
    log.readBehind({key, ...found, server: this.#served, atMs: nowMs + ackClockMs})
  }
}
