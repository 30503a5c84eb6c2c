import type {Address} from '../../protocol/address.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import type {Method} from '../data/methods.js'
import type {AckTimes} from './ack-times.js'
import {CallNotes, noteBits} from './call-notes.js'
import type {HeldState} from './failover-log.js'
import type {KeyReader} from './key-reader.js'
import type {LostWrites} from './lost-writes.js'
import type {ReadJudge} from './read-judge.js'
import {ValueReader} from './value-reader.js'
import type {VersionLedger} from './version-ledger.js'
import type {Witness} from './witness.js'

const NOT_ASKED_FOR = -1

/** Shared by all connections of a load thread. */
export interface ReadCheckerParts {
  readonly runId: number
  readonly filler: Buffer
  readonly keys: KeyReader
  readonly ledger: VersionLedger
  readonly lost: LostWrites
  readonly acks: AckTimes
  /** To be added to performance.now() for the clock of the acknowledgements. */
  readonly ackClockMs: number
  readonly judge: ReadJudge
}

/**
 * Checks the replies on one connection. It is told of every call when it is
 * sent, of every value as it comes, and of every reply when it is complete, and
 * makes no object for any of them.
 */
export class ReadChecker {
  readonly #parts: ReadCheckerParts
  readonly #judge: ReadJudge
  readonly #value: ValueReader
  readonly #notes = new CallNotes()
  readonly #witness: Witness | undefined
  #server: Address | null = null
  /** Place of the note of the value that is coming. */
  #reading = NOT_ASKED_FOR
  /** Place of the note whose value would come next. */
  #next = 0

  /** @param witness notes what servers hold after a failover */
  constructor(parts: ReadCheckerParts, witness?: Witness) {
    this.#parts = parts
    this.#witness = witness
    this.#judge = parts.judge
    this.#value = new ValueReader(parts)
  }

  /** The connection goes to this server from now on. */
  goesTo(server: Address): void {
    this.#server = server
  }

  /** The connection is open. @param nowMs on performance.now() */
  opened(nowMs: number): void {
    if (this.#server !== null) this.#witness?.opened(this.#server, nowMs)
  }

  /** Whether a witness read must be sent before a write of the key. */
  needsWitness(key: number): boolean {
    return this.#witness?.isAtRisk(key) === true
  }

  /** A witness read is sent. */
  sentWitness(key: number): void {
    this.#witness?.asks()
    this.#notes.push(key, 0, noteBits.read | noteBits.witness)
  }

  /** A read is sent; call it for each key. @param more another key of the same call follows */
  sentRead(key: number, more: boolean): void {
    const {ledger} = this.#parts
    const absence = ledger.mayBeAbsent(key) ? noteBits.mayBeAbsent : 0
    this.#notes.push(key, ledger.acknowledged(key), noteBits.read | absence | (more ? noteBits.more : 0))
  }

  /**
   * A write is sent.
   * @param removes it is a delete
   * @returns the version of the key that it writes
   */
  sentWrite(key: number, removes: boolean): number {
    const version = this.#parts.ledger.nextVersion(key, removes)
    this.#notes.push(key, version, noteBits.write | (removes ? noteBits.removes : 0))
    return version
  }

  /** A call is sent that neither reads nor changes a value. */
  sentOther(key: number): void {
    this.#notes.push(key, 0, 0)
  }

  /** The VALUE line of a value has come. @param size of its data block, in bytes */
  onValue(line: Uint8Array, start: number, end: number, size: number): void {
    const key = this.#parts.keys.read(line, start, end)
    this.#reading = this.#placeOf(key)
    this.#value.begin(key, size)
    this.#judge.server = this.#server
    if (this.#reading === NOT_ASKED_FOR) this.#judge.notAskedFor(line.subarray(start, end))
  }

  onData(bytes: Uint8Array, start: number, end: number, last: boolean): void {
    if (this.#reading === NOT_ASKED_FOR) return
    this.#value.push(bytes, start, end)
    if (!last) return
    const key = this.#notes.key(this.#reading)
    if (this.#notes.has(this.#reading, noteBits.witness)) {
      this.#witness?.found(key, {...this.#heldOf(key), nowMs: performance.now()})
      return
    }
    const expected = this.#notes.version(this.#reading)
    this.#judge.server = this.#server
    const fault = this.#judge.found(this.#value, key, expected)
    if (fault === 'stale') this.#witness?.readBehind(key, {...this.#heldOf(key), expected, nowMs: performance.now()})
  }

  #heldOf(key: number): {state: HeldState; version: number} {
    const {isWellFormed, fields} = this.#value
    const isOurs = isWellFormed && fields.runId === this.#parts.runId && fields.key === key
    return isOurs ? {state: 'ours', version: fields.version} : {state: 'other', version: 0}
  }

  /** The reply to a witness read is complete. @param nowMs on performance.now() */
  witnessed(kind: ReplyKind, nowMs: number): void {
    const notes = this.#notes
    this.#next = 0
    if (!notes.has(0, noteBits.seen)) {
      this.#witness?.found(notes.key(0), {state: kind === 'end' ? 'absent' : 'unanswered', version: 0, nowMs})
    }
    notes.shift()
  }

  /** The reply to the oldest call is complete. @param method of the call @param nowMs on performance.now() */
  replied(kind: ReplyKind, method: Method, nowMs: number): void {
    const notes = this.#notes
    this.#next = 0
    this.#witness?.answered()
    for (let more = true; more && notes.count > 0; notes.shift()) {
      more = notes.has(0, noteBits.more)
      if (notes.has(0, noteBits.write)) this.#settleWrite(kind, method, nowMs)
      else if (kind === 'end' && notes.has(0, noteBits.read) && !notes.has(0, noteBits.seen)) {
        this.#judge.server = this.#server
        const key = notes.key(0)
        const expected = notes.version(0)
        const fault = this.#judge.absent(key, expected, notes.has(0, noteBits.mayBeAbsent))
        if (fault !== null) this.#witness?.readBehind(key, {state: 'absent', version: 0, expected, nowMs})
      }
    }
  }

  /** The connection has ended: the writes under way are lost. */
  closed(): void {
    const notes = this.#notes
    for (; notes.count > 0; notes.shift()) {
      if (notes.has(0, noteBits.witness)) {
        this.#witness?.unanswered(notes.key(0), performance.now())
      } else if (notes.has(0, noteBits.write)) {
        this.#parts.lost.add(notes.key(0), notes.version(0), notes.has(0, noteBits.removes))
      }
    }
    this.#witness?.closed()
    this.#next = 0
  }

  #settleWrite(kind: ReplyKind, method: Method, nowMs: number): void {
    const notes = this.#notes
    const {ledger, acks, ackClockMs} = this.#parts
    const removes = notes.has(0, noteBits.removes)
    if (kind === method.ok || (removes && method.misses.includes(kind))) {
      ledger.acknowledge(notes.key(0), notes.version(0), removes)
      acks.note(notes.key(0), notes.version(0), nowMs + ackClockMs, removes)
    } else if (!method.misses.includes(kind)) {
      // memcached drops the old value of a key when it can't store the new one.
      ledger.allowAbsence(notes.key(0))
    }
  }

  /** Servers answer in the order asked, so it is nearly always the next place; else it is searched for. */
  #placeOf(key: number): number {
    const notes = this.#notes
    if (notes.count === 0 || !notes.has(0, noteBits.read)) return NOT_ASKED_FOR
    for (let place = this.#next; ; place++) {
      if (this.#takes(place, key)) return place
      if (!notes.has(place, noteBits.more)) break
    }
    for (let place = 0; place < this.#next; place++) if (this.#takes(place, key)) return place
    return NOT_ASKED_FOR
  }

  #takes(place: number, key: number): boolean {
    const notes = this.#notes
    if (notes.key(place) !== key || notes.has(place, noteBits.seen)) return false
    notes.markSeen(place)
    this.#next = notes.has(place, noteBits.more) ? place + 1 : 0
    return true
  }
}
