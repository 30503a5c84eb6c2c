import {copyBytes, writeDecimal64, writeText} from '../../../protocol/text/ascii.js'

/** Buffer of a writer that got none. */
const INITIAL_BYTES = 64 * 1024

/**
 * Renders replies into one buffer, which all connections of a node share within a
 * turn of the event loop; each owns the range that it wrote.
 */
export class ReplyWriter {
  buffer: Buffer
  length = 0
  /** Called when `bytes` more do not fit; must make room by {@link renew}. */
  onFull: (bytes: number) => void = bytes => this.renew(Buffer.allocUnsafeSlow(Math.max(bytes, INITIAL_BYTES)))

  constructor(buffer: Buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)) {
    this.buffer = buffer
  }

  /** Makes sure that `bytes` more fit. */
  reserve(bytes: number): void {
    if (this.length + bytes > this.buffer.length) this.onFull(bytes)
  }

  /** Continues at the start of a buffer and forgets what was written so far. */
  renew(buffer: Buffer): void {
    this.buffer = buffer
    this.length = 0
  }

  text(text: string): void {
    this.reserve(text.length)
    this.length = writeText(this.buffer, this.length, text)
  }

  /** Text and CRLF. */
  line(text: string): void {
    this.reserve(text.length + 2)
    this.length = writeText(this.buffer, writeText(this.buffer, this.length, text), '\r\n')
  }

  bytes(source: Buffer, start: number, end: number): void {
    this.reserve(end - start)
    this.length = copyBytes(source, start, end, this.buffer, this.length)
  }

  decimal64(high: number, low: number): void {
    this.reserve(20)
    this.length = writeDecimal64(this.buffer, this.length, high, low)
  }
}
