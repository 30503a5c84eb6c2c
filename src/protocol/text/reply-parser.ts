import {classifyLine, type ReplyKind} from './reply-kind.js'

/** Takes what a parser finds. Byte views are valid during the call only. */
export interface ReplyHandler {
  /** A reply is complete; `values` counts its data blocks (0 for a get that missed). */
  onReply(kind: ReplyKind, values: number): void
  /** Every line of a reply without its line end; data blocks come through onData instead. */
  onLine?(line: Uint8Array): void
  /** A VALUE line by its place in `bytes`, without making a view; a data block of `size` bytes follows. */
  onValue?(bytes: Uint8Array, start: number, end: number, size: number): void
  /** A piece of a data block, by its place, without the block's line end; `last` on the final one (an empty block is one empty piece). */
  onData?(bytes: Uint8Array, start: number, end: number, last: boolean): void
}

/** A longer line is cut here and ends its reply as `unknown`, so that a faulty server cannot fill the memory. */
export const REPLY_LINE_MAX_BYTES = 8192

const CR = 0x0d
const LF = 0x0a
const SPACE = 0x20
const DIGIT_0 = 0x30
const FIRST_CARRY_BYTES = 128
const LINE_END_BYTES = 2
/** Words before the length of the data block: `VALUE <key> <flags> <bytes>`, `VA <bytes>`. */
const WORDS_BEFORE_SIZE = {value: 3, va: 1} as const
/** `STORED\r\n` */
const STORED_BYTES = 8

/**
 * Cuts a byte stream into memcached text replies, without knowing the commands: lines
 * of VALUE, STAT, ITEM, PREFIX, mg and `key=` continue a reply, any other line ends
 * it, VA together with its data block. Resumable at every byte; copies only cut
 * lines and makes no object per reply.
 */
export class ReplyParser {
  readonly #handler: ReplyHandler
  /** Whether short replies may be recognised without splitting lines. */
  readonly #fast: boolean
  #carry: Uint8Array = new Uint8Array(0)
  #carried = 0
  /** Bytes of the open data block and its line end still to come. */
  #dataLeft = 0
  /** The open data block is the end of its reply. */
  #dataIsLast = false
  #values = 0
  #midReply = false
  #malformed = false
  /** Bytes of the current reply so far. */
  #bytes = 0
  #replyBytes = 0
  #lineBytes: Uint8Array = this.#carry
  #lineStart = 0
  #lineEnd = 0

  constructor(handler: ReplyHandler) {
    this.#handler = handler
    this.#fast = handler.onLine === undefined
  }

  /** Whether a reply has begun and is not complete. */
  get midReply(): boolean {
    return this.#midReply || this.#carried > 0
  }

  /** Bytes of the current reply so far, with line ends and data blocks. */
  get bytesSoFar(): number {
    return this.#bytes
  }

  /** Data blocks of the current reply that have begun. */
  get valuesSoFar(): number {
    return this.#values
  }

  /** Length of the whole reply with its line ends, in bytes; valid during onReply only. */
  get replyBytes(): number {
    return this.#replyBytes
  }

  /** The line that ended the reply, '' after a data block; valid during onReply only. */
  lastLine(): string {
    let text = ''
    for (let at = this.#lineStart; at < this.#lineEnd; at++) text += String.fromCharCode(this.#lineBytes[at]!)
    return text
  }

  /** Takes the next bytes of the stream: the first `length` of `bytes`, which may be reused afterwards. */
  push(bytes: Uint8Array, length: number = bytes.length): void {
    let at = 0
    while (at < length) {
      if (this.#dataLeft > 0) at = this.#takeData(bytes, at, length)
      else if (this.#carried > 0) at = this.#takeRestOfLine(bytes, at, length)
      else if (this.#fast && isStored(bytes, at, length) && !this.#midReply) {
        this.#replyBytes = STORED_BYTES
        this.#handler.onReply('stored', 0)
        at += STORED_BYTES
      } else at = this.#takeLine(bytes, at, length)
    }
  }

  #takeLine(bytes: Uint8Array, start: number, length: number): number {
    const limit = Math.min(length, start + REPLY_LINE_MAX_BYTES)
    let at = start
    while (at < limit && bytes[at] !== LF) at++
    if (at < limit) {
      this.#bytes += at + 1 - start
      this.#endLine(bytes, start, at)
      return at + 1
    }
    this.#bytes += at - start
    if (at - start === REPLY_LINE_MAX_BYTES) this.#endOverlongLine(bytes, start, at)
    else this.#keep(bytes, start, at)
    return at
  }

  #takeRestOfLine(bytes: Uint8Array, start: number, length: number): number {
    const limit = Math.min(length, start + REPLY_LINE_MAX_BYTES - this.#carried)
    let at = start
    while (at < limit && bytes[at] !== LF) at++
    this.#keep(bytes, start, at)
    this.#bytes += at - start
    const line = this.#carried
    if (at < limit) {
      this.#carried = 0
      this.#bytes++
      this.#endLine(this.#carry, 0, line)
      return at + 1
    }
    if (line === REPLY_LINE_MAX_BYTES) {
      this.#carried = 0
      this.#endOverlongLine(this.#carry, 0, line)
    }
    return at
  }

  #keep(bytes: Uint8Array, start: number, end: number): void {
    const needed = this.#carried + end - start
    if (needed > this.#carry.length) {
      const grown = new Uint8Array(Math.max(needed, this.#carry.length * 2, FIRST_CARRY_BYTES))
      grown.set(this.#carry.subarray(0, this.#carried))
      this.#carry = grown
    }
    // A loop is faster than a call for the few bytes of a cut line.
    for (let at = start; at < end; at++) this.#carry[this.#carried++] = bytes[at]!
  }

  /** @param lineFeed where the line's LF stands, or would stand */
  #endLine(bytes: Uint8Array, start: number, lineFeed: number): void {
    const end = lineFeed > start && bytes[lineFeed - 1] === CR ? lineFeed - 1 : lineFeed
    this.#handler.onLine?.(bytes.subarray(start, end))
    const kind = classifyLine(bytes, start, end)
    if (kind === 'more') this.#midReply = true
    else if (kind === 'value' || kind === 'va') this.#openData(kind, bytes, start, end)
    else this.#endReply({kind, bytes, start, end})
  }

  #endOverlongLine(bytes: Uint8Array, start: number, end: number): void {
    this.#handler.onLine?.(bytes.subarray(start, end))
    this.#endReply({kind: 'unknown', bytes, start, end})
  }

  #endReply({kind, bytes, start, end}: {kind: ReplyKind; bytes: Uint8Array; start: number; end: number}): void {
    const values = this.#values
    const settledKind = this.#malformed ? 'unknown' : kind
    this.#lineBytes = bytes
    this.#lineStart = start
    this.#lineEnd = end
    this.#values = 0
    this.#midReply = false
    this.#malformed = false
    this.#replyBytes = this.#bytes
    this.#bytes = 0
    this.#handler.onReply(settledKind, values)
  }

  /** `VALUE <key> <flags> <bytes> [<cas>]` or `VA <bytes> <flag>*`: a data block of that many bytes follows. */
  #openData(kind: 'value' | 'va', bytes: Uint8Array, start: number, end: number): void {
    const size = dataBytes(bytes, start, end, WORDS_BEFORE_SIZE[kind])
    if (size < 0) {
      this.#endReply({kind: 'unknown', bytes, start, end})
      return
    }
    this.#midReply = true
    this.#values++
    this.#dataLeft = size + LINE_END_BYTES
    this.#dataIsLast = kind === 'va'
    if (kind === 'value') this.#handler.onValue?.(bytes, start, end, size)
    if (size === 0) this.#handler.onData?.(bytes, end, end, true)
  }

  #takeData(bytes: Uint8Array, start: number, length: number): number {
    let at = start
    const left = this.#dataLeft - LINE_END_BYTES
    if (left > 0) {
      const taken = Math.min(left, length - at)
      this.#handler.onData?.(bytes, at, at + taken, taken === left)
      this.#dataLeft -= taken
      at += taken
    }
    while (this.#dataLeft > 0 && at < length) {
      if (bytes[at] !== (this.#dataLeft === LINE_END_BYTES ? CR : LF)) this.#malformed = true
      this.#dataLeft--
      at++
    }
    this.#bytes += at - start
    if (this.#dataIsLast && this.#dataLeft === 0) {
      this.#dataIsLast = false
      this.#endReply({kind: 'va', bytes, start: at, end: at})
    }
    return at
  }
}

/** Whether a whole reply `STORED\r\n`, the most common under load, is at `at`. */
function isStored(bytes: Uint8Array, at: number, length: number): boolean {
  return (
    at + STORED_BYTES <= length &&
    bytes[at] === 0x53 &&
    bytes[at + 1] === 0x54 &&
    bytes[at + 2] === 0x4f &&
    bytes[at + 3] === 0x52 &&
    bytes[at + 4] === 0x45 &&
    bytes[at + 5] === 0x44 &&
    bytes[at + 6] === CR &&
    bytes[at + 7] === LF
  )
}

/** The word of a line after so many others, as a number; −1 when it is none. */
function dataBytes(bytes: Uint8Array, start: number, end: number, wordsBefore: number): number {
  let at = start
  for (let spaces = 0; spaces < wordsBefore; at++) {
    if (at >= end) return -1
    if (bytes[at] === SPACE) spaces++
  }
  let size = 0
  const digits = at
  for (; at < end && bytes[at] !== SPACE; at++) {
    const digit = bytes[at]! - DIGIT_0
    if (digit < 0 || digit > 9 || at - digits > 9) return -1
    size = size * 10 + digit
  }
  return at === digits ? -1 : size
}
