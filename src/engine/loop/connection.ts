import net from 'node:net'
import type {Address} from '../../protocol/address.js'
import {TOO_MANY_CONNECTIONS} from '../../protocol/text/first-words.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type ReplyHandler, ReplyParser} from '../../protocol/text/reply-parser.js'
import {TURNED_AWAY} from '../measure/accounts.js'
import {Outages} from '../measure/outages.js'
import {PendingCalls} from '../measure/pending-calls.js'
import type {ReadChecker} from '../verify/read-checker.js'
import type {CallSchedule} from '../workload/call-schedule.js'
import type {Workload} from '../workload/workload.js'
import type {CasUnique} from './cas-unique.js'

/** What a connection tells the loop that owns it. */
export interface ConnectionOwner {
  opened(connection: Connection): void
  /** Bytes came in; called before the replies in them. */
  received(byteCount: number): void
  replied(connection: Connection, kind: ReplyKind, values: number): void
  /** The socket takes bytes again after a write that it could not finish at once. */
  flushed(connection: Connection): void
  /** Once, at its end. @param failure why, or null when we closed it ourselves */
  closed(connection: Connection, failure: string | null, before: ConnectionState): void
}

const failureNames: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  ETIMEDOUT: 'socket time-out',
  EMFILE: 'out of file descriptors',
  ENFILE: 'file table full',
  EADDRNOTAVAIL: 'out of local ports',
}

/** Larger than any write, so that a write never asks for a drain event: these cost time at every write. */
const WRITE_BUFFER_BYTES = 64 * 1024 * 1024
const nothing = Buffer.alloc(0)

/**
 * `new` → `connecting` → `open` → `closed`. A connection that is to be opened
 * again waits for that; one that is to go to another server first drains:
 * sends nothing more and waits for its replies.
 */
export type ConnectionState = 'new' | 'connecting' | 'open' | 'draining' | 'waiting' | 'closed'

/** One client connection of the load: its socket, its calls under way and its place in the schedule. */
export class Connection implements ReplyHandler {
  /** Place in the loop's list. */
  readonly slot: number
  /** Number among all connections of the load. */
  readonly index: number
  readonly schedule: CallSchedule
  readonly workload: Workload
  readonly pending = new PendingCalls()
  parser: ReplyParser
  /** Of a plan with cas. */
  readonly casUnique?: CasUnique
  /** Of a plan with verification: checks what is read. */
  readonly checker?: ReadChecker
  /** Hooks of the parser; there only where a plan needs them, because they cost time. */
  readonly onValue?: NonNullable<ReplyHandler['onValue']>
  readonly onData?: NonNullable<ReplyHandler['onData']>
  readonly #owner: ConnectionOwner
  #socket: net.Socket | undefined

  state: ConnectionState = 'new'
  /** Times that it was opened. */
  openings = 0
  /** Times that it failed. */
  failures = 0
  /** Open at another server than the one where it began. */
  away = false
  /** In the pacer's queue. */
  queued = false
  /** When its schedule begins, on the loop's clock. */
  anchorMs = 0
  /** When it began to connect, then when the socket last took bytes again. */
  sinceMs = 0
  readonly outages = new Outages()
  /** Noreply commands may still be on their way: a barrier has to follow. */
  unconfirmed = false

  constructor(parts: {
    slot: number
    index: number
    schedule: CallSchedule
    workload: Workload
    owner: ConnectionOwner
    casUnique?: CasUnique | undefined
    checker?: ReadChecker | undefined
  }) {
    this.slot = parts.slot
    this.index = parts.index
    this.schedule = parts.schedule
    this.workload = parts.workload
    this.#owner = parts.owner
    const {casUnique, checker} = parts
    if (casUnique !== undefined) this.casUnique = casUnique
    if (checker !== undefined) {
      this.checker = checker
      this.onData = (bytes, start, end, last) => checker.onData(bytes, start, end, last)
    }
    if (casUnique !== undefined || checker !== undefined) {
      this.onValue = (line, start, end, size) => {
        // What follows the reply that made the connection fail is nobody's.
        if (!this.alive) return
        casUnique?.take(line, start, end)
        checker?.onValue(line, start, end, size)
      }
    }
    this.parser = new ReplyParser(this)
  }

  /** @param readBuffer may be shared by all connections: it is read before the callback returns */
  open({target, readBuffer, nowMs}: {target: Address; readBuffer: Buffer; nowMs: number}): void {
    this.state = 'connecting'
    this.checker?.goesTo(target)
    this.sinceMs = nowMs
    this.outages.attempted(nowMs)
    this.parser = new ReplyParser(this)
    // A variable, because the types of connect() leave out highWaterMark, which it hands on to the stream.
    const options = {
      host: target.host,
      port: target.port,
      noDelay: true,
      highWaterMark: WRITE_BUFFER_BYTES,
      onread: {
        buffer: readBuffer,
        callback: (byteCount: number, bytes: Uint8Array) => this.#socket === socket && this.#read(byteCount, bytes),
      },
    }
    const socket: net.Socket = net.connect(options)
    this.#socket = socket
    socket.on('connect', () => {
      if (this.#socket !== socket) return
      this.state = 'open'
      this.#owner.opened(this)
    })
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (this.#socket === socket) this.fail(failureName(error))
    })
    socket.on('close', () => {
      if (this.#socket === socket) this.fail('closed by server')
    })
  }

  /** Whether replies may still come. */
  get alive(): boolean {
    return this.state === 'open' || this.state === 'draining'
  }

  /** The socket has not taken all bytes yet. */
  get backedUp(): boolean {
    return (this.#socket?.writableLength ?? 0) > 0
  }

  /**
   * Hands bytes to the socket.
   * @returns whether it took them all; if not, they must not be changed and flushed() follows
   */
  write(bytes: Buffer): boolean {
    const socket = this.#socket!
    // Still busy with bytes of an earlier write: these wait in a copy.
    socket.write(socket.writableLength === 0 ? bytes : Buffer.from(bytes))
    if (socket.writableLength === 0) return true
    socket.write(nothing, () => {
      if (this.#socket === socket) this.#owner.flushed(this)
    })
    return false
  }

  /** Ends it from our side. */
  close(): void {
    this.#end(null)
  }

  fail(failure: string): void {
    this.#end(failure)
  }

  /** Lets go of the socket, without a word to the owner. */
  release(): void {
    const socket = this.#socket
    this.#socket = undefined
    socket?.destroy()
  }

  onReply(kind: ReplyKind, values: number): void {
    if (!this.alive) return
    if (kind === 'error' && this.parser.lastLine().startsWith(TOO_MANY_CONNECTIONS)) this.fail(TURNED_AWAY)
    else this.#owner.replied(this, kind, values)
  }

  #read(byteCount: number, bytes: Uint8Array): boolean {
    this.#owner.received(byteCount)
    this.parser.push(bytes, byteCount)
    // A reply without an end would never be looked at.
    if (this.parser.valuesSoFar > this.pending.size && this.pending.count > 0) {
      this.fail('out of step: more values than keys')
    }
    return true
  }

  #end(failure: string | null): void {
    if (this.state === 'closed') return
    const before = this.state
    this.release()
    this.state = 'closed'
    this.#owner.closed(this, failure, before)
  }
}

function failureName(error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.message
  return failureNames[code] ?? code
}
