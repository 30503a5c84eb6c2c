import {decimalLength, writeDecimal} from '../../protocol/text/ascii.js'
import type {McperfMethod, McperfPlan} from './plan.js'

const SCRATCH_BYTES = 64 * 1024
const VALUES_BYTES = 1024 * 1024
const KEY_COUNTER_DIGITS = 8
const hexDigits = Buffer.from('0123456789abcdef', 'latin1')
const lineEnd = Buffer.from('\r\n', 'latin1')

/** What stands between the key and the end of the line. */
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
 * a scratch buffer that is used again and again. Values are of `0` only.
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
  #scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
  /** Views of the scratch by their length: making one costs more than rendering a small request. */
  #views: (Buffer | undefined)[] = []
  #at = 0

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

  /** Whether a request of so many bytes fits behind those rendered since the last take(). */
  hasRoom(length: number): boolean {
    return this.#at + length <= SCRATCH_BYTES
  }

  /** Appends a request for which there is room. */
  append(key: number, size: number): void {
    this.#appendLine(key, size)
    if (!this.#hasValue) return
    this.#values.copy(this.#scratch, this.#at, 0, size)
    this.#at += size
    this.#copy(lineEnd)
  }

  /** A request that is too large for the scratch, as pieces to be sent one after the other. */
  *pieces(key: number, size: number): Generator<Buffer> {
    this.#appendLine(key, size)
    yield Buffer.from(this.take())
    for (let left = size; left > 0; left -= VALUES_BYTES) yield this.#values.subarray(0, Math.min(left, VALUES_BYTES))
    yield lineEnd
  }

  /** What was rendered since the last take(). Valid until the next append(), unless retire() is called before it. */
  take(): Buffer {
    const length = this.#at
    this.#at = 0
    let view = this.#views[length]
    if (view === undefined) {
      view = this.#scratch.subarray(0, length)
      this.#views[length] = view
    }
    return view
  }

  /** Leaves the scratch to a write that is still under way and goes on with a new one. */
  retire(): void {
    this.#scratch = Buffer.allocUnsafeSlow(SCRATCH_BYTES)
    this.#views = []
  }

  #appendLine(key: number, size: number): void {
    this.#copy(this.#start)
    for (let shift = 4 * (KEY_COUNTER_DIGITS - 1); shift >= 0; shift -= 4) {
      this.#scratch[this.#at++] = hexDigits[(key >>> shift) & 15]!
    }
    this.#copy(this.#middle)
    if (this.#hasNumber) this.#at = writeDecimal(this.#scratch, this.#at, size)
    this.#copy(this.#end)
  }

  /** For a few bytes a loop is quicker than a call. */
  #copy(bytes: Buffer): void {
    const scratch = this.#scratch
    let at = this.#at
    for (let i = 0; i < bytes.length; i++) scratch[at++] = bytes[i]!
    this.#at = at
  }
}

function latin1(text: string): Buffer {
  return Buffer.from(text, 'latin1')
}
