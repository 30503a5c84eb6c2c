import {AskConnection} from '../../../ask/ask-connection.js'
import {AskError} from '../../../ask/ask-error.js'
import {bulkLimits} from '../../../ask/ask-limits.js'
import type {Answer, Question, ReplyReader} from '../../../ask/question.js'
import {inQuotes} from '../../../ask/quote.js'
import type {Address} from '../../../protocol/address.js'
import {formatKey} from '../../data/key-text.js'
import type {RequestCount} from '../../measure/request-counts.js'
import {KeyReader} from '../../verify/key-reader.js'
import {ValueReader} from '../../verify/value-reader.js'
import type {HeldKind} from './ledger-verdict.js'

const BATCH_KEYS = 200
const BATCHES_AHEAD = 4
/** When replies take long. */
const BATCHES_AHEAD_MAX = 64
const SLOW_REPLY_MS = 200
const SPACE = 0x20
const DIGIT_0 = 0x30

/** Kinds in the order of their codes. */
export const heldKinds: readonly HeldKind[] = ['absent', 'ours', 'foreign', 'corrupt']
export const OURS = 1
const FOREIGN = 2
const CORRUPT = 3

/** What one node holds under many keys, in columns. */
export interface HeldColumns {
  /** Codes: indexes of {@link heldKinds}. */
  readonly kinds: Uint8Array
  readonly versions: Uint32Array
  readonly flags: Uint32Array
}

/** Format of a run's keys and values. */
export interface LedgerFormat {
  readonly keyPrefix: string
  readonly runId: number
  readonly filler: Buffer
}

interface Reading {
  readonly keys: Uint32Array
  readonly held: HeldColumns
  readonly done: PromiseWithResolvers<HeldColumns>
  /** Place of the first key not yet asked for. */
  asked: number
  answered: number
}

interface LedgerReaderOptions {
  readonly format: LedgerFormat
  /** Of one reply; a long one has more. @default 10_000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Counts what is asked of the node. */
  readonly requests?: RequestCount | undefined
}

const EXPECTED = "the load's values"

/** Reads what one node holds under keys of a load's ledger, many at a time and without copying values. */
export class LedgerReader implements ReplyReader {
  readonly #format: LedgerFormat
  readonly #requests: RequestCount | undefined
  readonly #connection: AskConnection
  readonly #keyReader: KeyReader
  readonly #value: ValueReader
  #reading: Reading | undefined
  /** Place of the key of the value that is coming. */
  #at = 0
  #ahead = BATCHES_AHEAD

  constructor(address: Address, {format, timeoutMs, signal, requests}: LedgerReaderOptions) {
    this.#requests = requests
    this.#format = format
    this.#keyReader = new KeyReader(format.keyPrefix)
    this.#value = new ValueReader(format)
    this.#connection = new AskConnection({
      address,
      signal,
      expected: EXPECTED,
      lines: false,
      // No limit of bytes: no value is kept, and each key is taken once.
      limits: {...bulkLimits, timeoutMs},
      onConnect: () => {
        if (requests !== undefined) requests.connections++
      },
    })
  }

  /**
   * Reads a list of keys; one list at a time.
   * @param keys numbers, none twice
   * @throws AskError when the node does not answer, or not with values
   */
  read(keys: Uint32Array): Promise<HeldColumns> {
    const {length} = keys
    const held = {kinds: new Uint8Array(length), versions: new Uint32Array(length), flags: new Uint32Array(length)}
    const done = Promise.withResolvers<HeldColumns>()
    this.#reading = {keys, held, done, asked: 0, answered: 0}
    this.#at = 0
    this.#askMore()
    return done.promise
  }

  close(): void {
    this.#connection.close()
  }

  onValue(bytes: Uint8Array, start: number, end: number, size: number): void {
    const reading = this.#reading
    const key = this.#keyReader.read(bytes, start, end)
    if (reading === undefined) return
    // Values come in the order of the keys, without the missing ones.
    while (this.#at < reading.asked && reading.keys[this.#at] !== key) this.#at++
    if (this.#at === reading.asked) {
      this.#connection.refuse('a value that was not asked for')
      return
    }
    reading.held.flags[this.#at] = flagsIn(bytes, start, end)
    this.#value.begin(key, size)
  }

  onData(bytes: Uint8Array, start: number, end: number, last: boolean): void {
    const reading = this.#reading
    if (reading === undefined) return
    this.#value.push(bytes, start, end)
    if (!last) return
    const {fields, isWellFormed} = this.#value
    const isOurs = fields.runId === this.#format.runId && fields.key === reading.keys[this.#at]
    reading.held.kinds[this.#at] = !isWellFormed ? CORRUPT : isOurs ? OURS : FOREIGN
    reading.held.versions[this.#at] = fields.version
    this.#at++
  }

  #answered(outcome: Answer | AskError): void {
    const reading = this.#reading
    if (reading === undefined) return
    if (outcome instanceof AskError || outcome.kind !== 'end') {
      this.#reading = undefined
      reading.done.reject(outcome instanceof AskError ? outcome : this.#otherThanValues(outcome))
      this.#connection.close()
      return
    }
    reading.answered = Math.min(reading.keys.length, reading.answered + BATCH_KEYS)
    this.#at = reading.answered
    if (outcome.atMs - outcome.sentAtMs > SLOW_REPLY_MS) this.#ahead = Math.min(BATCHES_AHEAD_MAX, this.#ahead * 2)
    this.#askMore()
    if (reading.answered < reading.keys.length) return
    this.#reading = undefined
    reading.done.resolve(reading.held)
  }

  #askMore(): void {
    const reading = this.#reading
    if (reading === undefined) return
    const {keys, held, done} = reading
    if (keys.length === 0) {
      this.#reading = undefined
      done.resolve(held)
      return
    }
    const isDue = () => reading.asked < keys.length && reading.asked - reading.answered < this.#ahead * BATCH_KEYS
    while (this.#reading === reading && isDue()) {
      const to = Math.min(keys.length, reading.asked + BATCH_KEYS)
      let request = 'get'
      for (let at = reading.asked; at < to; at++) request += ` ${formatKey(this.#format.keyPrefix, keys[at]!)}`
      if (this.#requests !== undefined) this.#requests.gets += to - reading.asked
      reading.asked = to
      this.#connection.send(this.#question(`${request}\r\n`))
    }
  }

  #question(request: string): Question {
    return {request, reader: this, settle: outcome => this.#answered(outcome)}
  }

  #otherThanValues({lastLine}: Answer): AskError {
    const {address} = this.#connection
    return new AskError({code: 'ERR_ASK_REPLY', address, expected: EXPECTED, got: inQuotes(lastLine)})
  }
}

/** The third word of `VALUE <key> <flags> <bytes>`. */
function flagsIn(line: Uint8Array, start: number, end: number): number {
  let at = start
  for (let spaces = 0; spaces < 2 && at < end; at++) if (line[at] === SPACE) spaces++
  let flags = 0
  for (; at < end && line[at] !== SPACE; at++) flags = flags * 10 + line[at]! - DIGIT_0
  return flags
}
