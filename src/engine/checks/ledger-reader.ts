import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import {type ReplyHandler, ReplyParser} from '../../protocol/reply-parser.js'
import {NodeUnreadableError} from '../errors.js'
import {formatKey} from '../key-text.js'
import type {RequestCount} from '../requests.js'
import {KeyReader} from '../verify/key-reader.js'
import {ValueReader} from '../verify/value-reader.js'
import type {HeldKind} from './ledger-verdict.js'

const BATCH_KEYS = 200
const BATCHES_AHEAD = 4
const SPACE = 0x20
const DIGIT_0 = 0x30

/** In the order of their codes. */
export const heldKinds: readonly HeldKind[] = ['absent', 'ours', 'foreign', 'corrupt']
export const OURS = 1
const FOREIGN = 2
const CORRUPT = 3

/** What one node holds under some keys: columns, because keys are many. */
export interface HeldColumns {
  /** Places of {@link heldKinds}. */
  readonly kinds: Uint8Array
  readonly versions: Uint32Array
  readonly flags: Uint32Array
}

/** How to tell a run's keys and values. */
export interface LedgerFormat {
  readonly keyPrefix: string
  readonly runId: number
  readonly filler: Buffer
}

interface Reading {
  readonly keys: Uint32Array
  readonly held: HeldColumns
  readonly done: PromiseWithResolvers<HeldColumns>
  /** Place of the first key that was not asked for yet. */
  asked: number
  answered: number
}

/** Reads what one node holds under keys of a load's ledger, many keys at a time and without copying a value. */
export class LedgerReader implements ReplyHandler {
  readonly #address: Address
  readonly #format: LedgerFormat
  readonly #requests: RequestCount | undefined
  readonly #socket: Socket
  readonly #parser: ReplyParser
  readonly #keyReader: KeyReader
  readonly #value: ValueReader
  #reading: Reading | undefined
  /** Place of the key whose value is coming. */
  #at = 0
  #failure: Error | undefined

  /** @param parts `requests`: what is asked of the node is added */
  constructor(
    address: Address,
    parts: {format: LedgerFormat; silenceMs?: number; requests?: RequestCount | undefined},
  ) {
    const {format, silenceMs = 10_000, requests} = parts
    this.#requests = requests
    this.#address = address
    this.#format = format
    this.#keyReader = new KeyReader(format.keyPrefix)
    this.#value = new ValueReader(format)
    this.#parser = new ReplyParser(this)
    this.#socket = connect({host: address.host, port: address.port, noDelay: true})
    this.#socket.setTimeout(silenceMs, () => {
      if (this.#reading !== undefined) this.#fail(`silence for ${silenceMs} ms`)
    })
    if (requests !== undefined) this.#socket.on('connect', () => requests.connections++)
    this.#socket.on('data', (chunk: Buffer) => this.#parser.push(chunk))
    this.#socket.on('error', error => this.#fail((error as NodeJS.ErrnoException).code ?? error.message))
    this.#socket.on('close', () => this.#fail('a closed connection'))
  }

  /**
   * Reads one list of keys at a time.
   * @param keys numbers, none twice
   * @throws NodeUnreadableError when the node does not answer, or not with values
   */
  read(keys: Uint32Array): Promise<HeldColumns> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const {length} = keys
    const held = {kinds: new Uint8Array(length), versions: new Uint32Array(length), flags: new Uint32Array(length)}
    const done = Promise.withResolvers<HeldColumns>()
    this.#reading = {keys, held, done, asked: 0, answered: 0}
    this.#at = 0
    for (let batch = 0; batch < BATCHES_AHEAD; batch++) this.#askMore()
    return done.promise
  }

  close(): void {
    this.#socket.destroy()
  }

  onValue(bytes: Uint8Array, start: number, end: number, size: number): void {
    const reading = this.#reading
    const key = this.#keyReader.read(bytes, start, end)
    if (reading === undefined) return
    // Values come in the order of the keys; those that are missing are left out.
    while (this.#at < reading.asked && reading.keys[this.#at] !== key) this.#at++
    if (this.#at === reading.asked) {
      this.#fail('a value that was not asked for')
      return
    }
    reading.held.flags[this.#at] = flagsIn(bytes, start, end)
    this.#value.begin(key, size)
  }

  onData(bytes: Uint8Array, start: number, end: number, last: boolean): void {
    const reading = this.#reading
    if (reading === undefined || this.#failure !== undefined) return
    this.#value.push(bytes, start, end)
    if (!last) return
    const {fields, isWellFormed} = this.#value
    const isOurs = fields.runId === this.#format.runId && fields.key === reading.keys[this.#at]
    reading.held.kinds[this.#at] = !isWellFormed ? CORRUPT : isOurs ? OURS : FOREIGN
    reading.held.versions[this.#at] = fields.version
    this.#at++
  }

  onReply(kind: string): void {
    const reading = this.#reading
    if (reading === undefined) return
    if (kind !== 'end') {
      this.#fail(`'${this.#parser.lastLine()}'`)
      return
    }
    reading.answered = Math.min(reading.keys.length, reading.answered + BATCH_KEYS)
    this.#at = reading.answered
    this.#askMore()
    if (reading.answered < reading.keys.length) return
    this.#reading = undefined
    reading.done.resolve(reading.held)
  }

  #askMore(): void {
    const reading = this.#reading
    if (reading === undefined) return
    if (reading.keys.length === 0) {
      this.#reading = undefined
      reading.done.resolve(reading.held)
      return
    }
    if (reading.asked === reading.keys.length) return
    const to = Math.min(reading.keys.length, reading.asked + BATCH_KEYS)
    let request = 'get'
    for (let at = reading.asked; at < to; at++) request += ` ${formatKey(this.#format.keyPrefix, reading.keys[at]!)}`
    if (this.#requests !== undefined) this.#requests.gets += to - reading.asked
    reading.asked = to
    this.#socket.write(`${request}\r\n`, 'latin1')
  }

  #fail(problem: string): void {
    this.#failure ??= new NodeUnreadableError(
      `Expected the load's values from ${formatAddress(this.#address)}, got ${problem}`,
    )
    this.#socket.destroy()
    this.#reading?.done.reject(this.#failure)
    this.#reading = undefined
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
