import {copyBytes, writeDecimal64, writeText} from '../../protocol/ascii.js'

const INITIAL_BYTES = 256 * 1024

/**
 * Where replies are rendered: one buffer that all connections of a node share
 * within a turn of the event loop, each owning the range it wrote.
 */
export class ReplyWriter {
  buffer = Buffer.allocUnsafeSlow(INITIAL_BYTES)
  length = 0
  /** Called when `bytes` more do not fit; must leave room for them (by {@link renew}). */
  onFull: (bytes: number) => void = bytes => this.renew(bytes)

  /** Makes sure that `bytes` more fit. */
  reserve(bytes: number): void {
    if (this.length + bytes > this.buffer.length) this.onFull(bytes)
  }

  /** Goes on in a fresh buffer: ranges of the old one stay valid for whoever still sends them. */
  renew(bytes: number): void {
    this.buffer = Buffer.allocUnsafeSlow(Math.max(bytes, INITIAL_BYTES))
    this.length = 0
  }

  text(text: string): void {
    this.reserve(text.length)
    this.length = writeText(this.buffer, this.length, text)
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
