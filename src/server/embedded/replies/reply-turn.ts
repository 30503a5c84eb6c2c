import {ReplyBuffer} from './reply-buffer.js'
import {ReplyWriter} from './reply-writer.js'

/** Small enough to stay in the CPU cache from rendering to sending. */
const BUFFER_BYTES = 256 * 1024
/** A larger buffer is dropped after the reply that needed it. */
const KEPT_BUFFER_MAX_BYTES = 2 * 1024 * 1024
/** Most buffers kept for when sockets still hold others. */
const SPARE_BUFFERS = 8

/** Where a connection's unsent replies lie in the turn's buffer; maintained by the turn. */
export class ReplyRange {
  start = 0
  end = 0
  /** Whether the connection takes part in this turn. */
  open = false
}

/** A connection that owns a range of the shared writer. */
export interface ReplyOwner {
  readonly range: ReplyRange
  /** Sends the range; holds the buffer until the socket has taken the bytes. */
  send(buffer: ReplyBuffer, start: number, end: number): void
  /** Called once at the end of the turn, after everything is sent. */
  turnEnded(): void
}

/**
 * Collects the replies of one turn of the event loop and sends them at its end:
 * one write per connection, and fewer wake-ups of clients. A full buffer is sent
 * earlier, so that a steady load needs no other one.
 *
 * No reply leaves before `beforeSending` has run: there the node sends its peer
 * the changes that these replies acknowledge.
 */
export class ReplyTurn {
  readonly writer: ReplyWriter
  readonly #spare: ReplyBuffer[] = []
  readonly #flush = () => this.flush()
  readonly #beforeSending: () => void
  #buffer: ReplyBuffer
  /** The first `#count` have an open range; the arrays are swapped at the end of each turn. */
  #owners: (ReplyOwner | null)[] = []
  #otherOwners: (ReplyOwner | null)[] = []
  #count = 0
  #current: ReplyOwner | null = null
  #scheduled = false

  /** @param options `beforeSending`: called each time before replies are sent to clients */
  constructor({beforeSending = () => {}}: {beforeSending?: () => void} = {}) {
    this.#beforeSending = beforeSending
    this.#buffer = this.#makeBuffer(BUFFER_BYTES)
    this.writer = new ReplyWriter(this.#buffer.bytes)
    this.writer.onFull = bytes => this.#makeRoom(bytes)
  }

  /** What is written until end() belongs to `owner`. */
  begin(owner: ReplyOwner): void {
    const {range} = owner
    const {length} = this.writer
    if (!range.open) {
      range.open = true
      range.start = length
      range.end = length
      this.#owners[this.#count++] = owner
    } else if (range.end !== length) {
      // Other connections have written behind this owner's first range.
      this.#beforeSending()
      this.#send(owner)
      range.start = length
      range.end = length
    }
    this.#current = owner
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.#flush)
  }

  end(): void {
    if (this.#current !== null) this.#current.range.end = this.writer.length
    this.#current = null
  }

  /** Sends everything now. */
  flush(): void {
    this.#scheduled = false
    this.#sendAll()
    this.#reuseBuffer(0)
    const owners = this.#owners
    const count = this.#count
    this.#owners = this.#otherOwners
    this.#otherOwners = owners
    this.#count = 0
    for (let index = 0; index < count; index++) {
      const owner = owners[index]!
      owners[index] = null
      owner.range.open = false
      owner.turnEnded()
    }
  }

  #makeRoom(bytes: number): void {
    const current = this.#current
    if (current !== null) current.range.end = this.writer.length
    this.#sendAll()
    this.#reuseBuffer(bytes)
  }

  #sendAll(): void {
    this.#beforeSending()
    for (let index = 0; index < this.#count; index++) {
      const owner = this.#owners[index]!
      this.#send(owner)
      // Every range begins anew where the writer will.
      owner.range.start = 0
      owner.range.end = 0
    }
  }

  #send(owner: ReplyOwner): void {
    const {start, end} = owner.range
    if (end > start) owner.send(this.#buffer, start, end)
  }

  /** Continues at the start of the buffer, or of another when a socket holds this one or it is too small. */
  #reuseBuffer(bytes: number): void {
    const {length} = this.#buffer.bytes
    if (this.#buffer.held || length < bytes || length > KEPT_BUFFER_MAX_BYTES) this.#buffer = this.#nextBuffer(bytes)
    this.writer.renew(this.#buffer.bytes)
  }

  #nextBuffer(bytes: number): ReplyBuffer {
    const spare = bytes > BUFFER_BYTES ? undefined : this.#spare.pop()
    return spare ?? this.#makeBuffer(Math.max(bytes, BUFFER_BYTES))
  }

  #makeBuffer(bytes: number): ReplyBuffer {
    return new ReplyBuffer(bytes, released => {
      const kept = released !== this.#buffer && bytes === BUFFER_BYTES && this.#spare.length < SPARE_BUFFERS
      if (kept) this.#spare.push(released)
    })
  }
}
