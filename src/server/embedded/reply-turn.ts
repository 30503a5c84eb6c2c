import {ReplyWriter} from './reply-writer.js'

/** A connection that owns ranges of the shared writer. */
export interface ReplyRange {
  /** Sends what lies in the range so far; false when the socket still holds the bytes. */
  send(buffer: Buffer, start: number, end: number): boolean
  /** Called once at the end of the turn, after everything was sent. */
  turnEnded(): void
}

interface OpenRange {
  readonly owner: ReplyRange
  buffer: Buffer
  start: number
  end: number
}

/**
 * Collects the replies of one turn of the event loop and sends them together at
 * its end: fewer wake-ups of clients and one write for each connection.
 */
export class ReplyTurn {
  readonly writer = new ReplyWriter()
  readonly #ranges = new Map<ReplyRange, OpenRange>()
  #current: OpenRange | null = null
  #held = false
  #scheduled = false

  constructor() {
    this.writer.onFull = bytes => this.#makeRoom(bytes)
  }

  /** From now on what is written belongs to `owner`, until end(). */
  begin(owner: ReplyRange): void {
    let range = this.#ranges.get(owner)
    if (range === undefined) {
      range = {owner, buffer: this.writer.buffer, start: this.writer.length, end: this.writer.length}
      this.#ranges.set(owner, range)
    } else if (range.buffer !== this.writer.buffer || range.end !== this.writer.length) {
      // Others have written behind this owner's first range.
      this.#send(range)
      this.#reopen(range)
    }
    this.#current = range
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => this.flush())
  }

  end(): void {
    if (this.#current !== null) this.#current.end = this.writer.length
    this.#current = null
  }

  /** Sends everything now. */
  flush(): void {
    this.#scheduled = false
    const ranges = [...this.#ranges.values()]
    this.#ranges.clear()
    for (const range of ranges) this.#send(range)
    if (this.#held) this.writer.renew(0)
    else this.writer.length = 0
    this.#held = false
    for (const {owner} of ranges) owner.turnEnded()
  }

  #makeRoom(bytes: number): void {
    const range = this.#current
    if (range !== null) {
      range.end = this.writer.length
      this.#send(range)
    }
    this.writer.renew(bytes)
    // The old buffer stays with the ranges in it; the new one is nobody's yet.
    if (range !== null) this.#reopen(range)
  }

  #send(range: OpenRange): void {
    if (range.end > range.start && !range.owner.send(range.buffer, range.start, range.end)) this.#held = true
    range.start = range.end
  }

  #reopen(range: OpenRange): void {
    range.buffer = this.writer.buffer
    range.start = this.writer.length
    range.end = this.writer.length
  }
}
