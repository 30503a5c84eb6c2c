import {writeDecimal} from '../../protocol/text/ascii.js'
import {KEY_COUNTER_DIGITS} from '../data/key-text.js'

const SCRATCH_BYTES = 64 * 1024
const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

/** A reused buffer in which requests are rendered one after the other: no string and no new buffer per request. */
export class RequestScratch {
  readonly size: number
  bytes: Buffer
  /** Where the next byte goes. */
  at = 0
  /** Views of the buffer by length: making one costs more than rendering a small request. */
  #views: (Buffer | undefined)[] = []

  /** @param leastBytes least size of the buffer */
  constructor(leastBytes = 0) {
    this.size = Math.max(SCRATCH_BYTES, leastBytes)
    this.bytes = Buffer.allocUnsafeSlow(this.size)
  }

  /** Whether `byteCount` bytes fit behind those rendered since the last take(). */
  hasRoom(byteCount: number): boolean {
    return this.at + byteCount <= this.size
  }

  /** Appends bytes: for a few a loop is faster than a call of set(). */
  copy(from: Uint8Array): void {
    const {bytes} = this
    let {at} = this
    for (let i = 0; i < from.length; i++) bytes[at++] = from[i]!
    this.at = at
  }

  putByte(byte: number): void {
    this.bytes[this.at++] = byte
  }

  /** Appends the number of a key, in eight hex digits. */
  putKeyNumber(key: number): void {
    const {bytes} = this
    let {at} = this
    for (let shift = 4 * (KEY_COUNTER_DIGITS - 1); shift >= 0; shift -= 4)
      bytes[at++] = hexDigits[(key >>> shift) & 15]!
    this.at = at
  }

  /** Appends a non-negative integer, in decimal. */
  putNumber(value: number): void {
    this.at = writeDecimal(this.bytes, this.at, value)
  }

  /** The bytes rendered since the last take(). Valid until more is rendered, unless retire() is called first. */
  take(): Buffer {
    const length = this.at
    this.at = 0
    let view = this.#views[length]
    if (view === undefined) {
      view = this.bytes.subarray(0, length)
      this.#views[length] = view
    }
    return view
  }

  /** Keeps the buffer for a write that has not finished, and continues with a new one. */
  retire(): void {
    this.bytes = Buffer.allocUnsafeSlow(this.size)
    this.#views = []
  }
}
