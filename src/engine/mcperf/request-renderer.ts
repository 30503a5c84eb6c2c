import {decimalLength} from '../../protocol/text/ascii.js'
import {KEY_COUNTER_DIGITS} from '../data/key-text.js'
import {RequestScratch} from '../generator/request-scratch.js'
import type {McperfMethod, McperfPlan} from './plan.js'

const VALUES_BYTES = 1024 * 1024
const lineEnd = Buffer.from('\r\n', 'latin1')

/** What comes between the key and the end of the line. */
const forms: Readonly<Record<McperfMethod, 'nothing' | 'noreply' | 'amount' | 'value'>> = {
  get: 'nothing',
  gets: 'nothing',
  delete: 'noreply',
  incr: 'amount',
  decr: 'amount',
  cas: 'value',
  set: 'value',
  add: 'value',
  replace: 'value',
  append: 'value',
  prepend: 'value',
}

/**
 * Renders requests as mcperf sends them, blanks before line ends included, into
 * a reused scratch buffer. Values consist of `0` only.
 */
export class RequestRenderer {
  /** `set mcp:` */
  readonly #start: Buffer
  /** Between the key and the number. */
  readonly #middle: Buffer
  readonly #hasNumber: boolean
  readonly #hasValue: boolean
  /** After the number. */
  readonly #end: Buffer
  readonly #values = Buffer.alloc(VALUES_BYTES, '0')
  readonly #scratch = new RequestScratch()

  constructor({method, prefix, expirySeconds, noreply}: McperfPlan) {
    const form = forms[method]
    const word = noreply ? 'noreply' : ''
    this.#start = latin1(`${method} ${prefix}`)
    this.#hasNumber = form === 'amount' || form === 'value'
    this.#hasValue = form === 'value'
    this.#middle = latin1({nothing: '', noreply: ' ', amount: ' ', value: ` 0 ${expirySeconds} `}[form])
    const afterNumber = method === 'cas' ? ' 1 ' : this.#hasNumber ? ' ' : ''
    this.#end = latin1(form === 'nothing' ? '\r\n' : `${afterNumber}${word}\r\n`)
  }

  /** @param size of the value, in bytes, or the amount */
  length(size: number): number {
    const line = this.#start.length + KEY_COUNTER_DIGITS + this.#middle.length + this.#end.length
    return line + (this.#hasNumber ? decimalLength(size) : 0) + (this.#hasValue ? size + lineEnd.length : 0)
  }

  /** Whether a request of `length` bytes fits behind those rendered since the last take(). */
  hasRoom(length: number): boolean {
    return this.#scratch.hasRoom(length)
  }

  /** Appends a request that fits. */
  append(key: number, size: number): void {
    this.#appendLine(key, size)
    if (!this.#hasValue) return
    const scratch = this.#scratch
    this.#values.copy(scratch.bytes, scratch.at, 0, size)
    scratch.at += size
    scratch.copy(lineEnd)
  }

  /** A request that is too large for the scratch, as pieces to send in order. */
  *pieces(key: number, size: number): Generator<Buffer> {
    this.#appendLine(key, size)
    yield Buffer.from(this.take())
    for (let left = size; left > 0; left -= VALUES_BYTES) yield this.#values.subarray(0, Math.min(left, VALUES_BYTES))
    yield lineEnd
  }

  /** The bytes rendered since the last take(). Valid until the next append(), unless retire() is called first. */
  take(): Buffer {
    return this.#scratch.take()
  }

  /** Keeps the bytes of the last take() for a write that has not finished. */
  retire(): void {
    this.#scratch.retire()
  }

  #appendLine(key: number, size: number): void {
    const scratch = this.#scratch
    scratch.copy(this.#start)
    scratch.putKeyNumber(key)
    scratch.copy(this.#middle)
    if (this.#hasNumber) scratch.putNumber(size)
    scratch.copy(this.#end)
  }
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
