import {CR, LF} from './ascii.js'

/** A line carries no data block. */
export const NO_DATA = -1

/** Takes what a {@link StreamSplitter} finds, in stream order. The bytes are valid during the call only. */
export interface StreamHandler {
  /** One line in bytes[start, end), without its LF or CRLF. Returns the length of the data block that follows, or NO_DATA. */
  onLine(bytes: Buffer, start: number, end: number): number
  /** The next piece of the data block. */
  onData(bytes: Buffer, start: number, end: number): void
  /** The block and the two bytes after it have come; `terminated`: those two are CRLF. */
  onDataEnd(terminated: boolean): void
  /**
   * Decides about a long line: `length` is the bytes so far, or of the whole line if
   * it has `ended`. False refuses it: the splitter then takes nothing more.
   */
  acceptsLongLine(line: {bytes: Buffer; start: number; length: number; ended: boolean}): boolean
}

/** While it is not open, {@link StreamSplitter.push} returns after the current line or block. */
export interface StreamGate {
  readonly isOpen: boolean
}

/** Above this length the handler decides about a line; memcached 1.4.13 checks unfinished lines from here on. */
const LONG_LINE_BYTES = 1024
const NATIVE_SEARCH_FROM = 64
const KEPT_CARRY_BYTES = 8192

/**
 * Cuts a memcached byte stream into lines and counted data blocks, from chunks with
 * any boundaries. The client protocol and repcached's replication stream both have
 * this form. Only a cut line is copied here; data goes to the handler in the pieces
 * in which it came.
 */
export class StreamSplitter {
  readonly #handler: StreamHandler
  #carry: Buffer = Buffer.alloc(0)
  #carryLength = 0
  #dataLeft = 0
  /** Bytes still to come of the CRLF after a data block. */
  #tailLeft = 0
  #tailOk = true
  #refused = false
  readonly #gate: StreamGate

  constructor(handler: StreamHandler, gate: StreamGate = {isOpen: true}) {
    this.#handler = handler
    this.#gate = gate
  }

  /** True once a line was refused: nothing more is read. */
  get refused(): boolean {
    return this.#refused
  }

  /** In the middle of a data block. */
  get receiving(): boolean {
    return this.#dataLeft > 0 || this.#tailLeft > 0
  }

  /** Takes bytes[start, end); returns the position up to which it read: `end`, unless the gate was shut or a line refused. */
  push(bytes: Buffer, start: number, end: number): number {
    let at = start
    while (at < end && this.#gate.isOpen && !this.#refused) {
      if (this.#dataLeft > 0) at = this.#takeData(bytes, at, end)
      else if (this.#tailLeft > 0) at = this.#takeTail(bytes, at, end)
      else at = this.#takeLine(bytes, at, end)
    }
    return at
  }

  #takeData(bytes: Buffer, start: number, end: number): number {
    const stop = Math.min(end, start + this.#dataLeft)
    this.#handler.onData(bytes, start, stop)
    this.#dataLeft -= stop - start
    return stop
  }

  #takeTail(bytes: Buffer, at: number, end: number): number {
    if (this.#tailLeft === 2 && end - at >= 2) {
      this.#tailLeft = 0
      this.#handler.onDataEnd(bytes[at] === CR && bytes[at + 1] === LF)
      return at + 2
    }
    const expected = this.#tailLeft === 2 ? CR : LF
    this.#tailOk = bytes[at] === expected && (this.#tailLeft === 2 || this.#tailOk)
    this.#tailLeft--
    if (this.#tailLeft === 0) this.#handler.onDataEnd(this.#tailOk)
    return at + 1
  }

  #takeLine(bytes: Buffer, start: number, end: number): number {
    const lineEnd = findLineEnd(bytes, start, end)
    if (lineEnd < 0) {
      this.#keep(bytes, start, end)
      return end
    }
    if (this.#carryLength === 0) {
      this.#emitLine(bytes, start, lineEnd)
    } else {
      this.#append(bytes, start, lineEnd)
      const length = this.#carryLength
      this.#carryLength = 0
      this.#emitLine(this.#carry, 0, length)
      // A connection must not keep the memory of one long line.
      if (this.#carry.length > KEPT_CARRY_BYTES) this.#carry = Buffer.alloc(0)
    }
    return lineEnd + 1
  }

  #emitLine(bytes: Buffer, start: number, end: number): void {
    if (end - start > LONG_LINE_BYTES) {
      this.#refused = !this.#handler.acceptsLongLine({bytes, start, length: end - start, ended: true})
      if (this.#refused) return
    }
    const textEnd = end > start && bytes[end - 1] === CR ? end - 1 : end
    const dataLength = this.#handler.onLine(bytes, start, textEnd)
    if (dataLength === NO_DATA) return
    this.#dataLeft = dataLength
    this.#tailLeft = 2
    this.#tailOk = true
  }

  #keep(bytes: Buffer, start: number, end: number): void {
    this.#append(bytes, start, end)
    if (this.#carryLength > LONG_LINE_BYTES) {
      const line = {bytes: this.#carry, start: 0, length: this.#carryLength, ended: false}
      this.#refused = !this.#handler.acceptsLongLine(line)
    }
  }

  #append(bytes: Buffer, start: number, end: number): void {
    const needed = this.#carryLength + end - start
    if (needed > this.#carry.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#carry.length * 2, 256))
      this.#carry.copy(larger, 0, 0, this.#carryLength)
      this.#carry = larger
    }
    bytes.copy(this.#carry, this.#carryLength, start, end)
    this.#carryLength = needed
  }
}

function findLineEnd(bytes: Buffer, start: number, end: number): number {
  const near = Math.min(end, start + NATIVE_SEARCH_FROM)
  for (let at = start; at < near; at++) if (bytes[at] === LF) return at
  if (near === end) return -1
  const found = bytes.indexOf(LF, near)
  // The shared read buffer holds older bytes behind `end`.
  return found >= end ? -1 : found
}
