import type {Address} from '../../protocol/address.js'
import {TOO_MANY_CONNECTIONS} from '../../protocol/text/first-words.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {type ReplyHandler, ReplyParser} from '../../protocol/text/reply-parser.js'
import {ClientSocket} from '../generator/client-socket.js'
import type {Listed} from '../generator/ready-list.js'
import {TURNED_AWAY} from '../measure/accounts.js'
import {Outages} from '../measure/outages.js'
import {PendingCalls} from '../measure/pending-calls.js'
import type {RecordedConnection} from '../measure/recorder.js'
import type {ReadChecker} from '../verify/read-checker.js'
import type {CallSchedule} from '../workload/call-schedule.js'
import type {Workload} from '../workload/workload.js'
import type {CasUnique} from './cas-unique.js'

/** The loop that owns a connection, as told of its events. */
export interface ConnectionOwner {
  opened(connection: Connection): void
  /** Bytes came in; called before the replies in them. */
  received(byteCount: number): void
  replied(connection: Connection, kind: ReplyKind, values: number): void
  /** The socket accepts bytes again after a write that it could not take at once. */
  flushed(connection: Connection): void
  /** Once, at its end. @param failure how it failed; null when we closed it */
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

/**
 *     new ── wait() ──> waiting ── open() ──> connecting ──> open ── drain() ──> draining
 *                        ^   ^                     │           │                  │    │
 *                        │   └──── leave() ────────┼───────────┼──────────────────┘    │
 *                        │                         └───────────┴── fail(), close() ────┤
 *                        └──────── wait() ──────────────────── closed <────────────────┘
 *
 * A draining connection sends nothing more and waits for its replies, then goes
 * to another server. close() ends a connection in any state, for good.
 */
export type ConnectionState = 'new' | 'waiting' | 'connecting' | 'open' | 'draining' | 'closed'

interface ConnectionOptions {
  readonly slot: number
  readonly index: number
  readonly schedule: CallSchedule
  readonly workload: Workload
  readonly owner: ConnectionOwner
  readonly clock: () => number
  readonly casUnique?: CasUnique | undefined
  readonly checker?: ReadChecker | undefined
}

/** One client connection of a load: its socket, its calls in flight and its schedule. */
export class Connection implements ReplyHandler, RecordedConnection, Listed {
  /** Index in the loop's list. */
  readonly slot: number
  /** Number among all connections of the load. */
  readonly index: number
  readonly schedule: CallSchedule
  readonly workload: Workload
  readonly pending = new PendingCalls()
  readonly outages = new Outages()
  /** Only for a plan with cas. */
  readonly casUnique?: CasUnique
  /** Only for a plan with verification: checks what is read. */
  readonly checker?: ReadChecker
  /** Hooks of the parser; only for plans that need them, because they cost time. */
  readonly onValue?: NonNullable<ReplyHandler['onValue']>
  readonly onData?: NonNullable<ReplyHandler['onData']>
  readonly #owner: ConnectionOwner
  readonly #clock: () => number
  #parser: ReplyParser
  #socket: ClientSocket | undefined
  #state: ConnectionState = 'new'
  #openings = 0
  #failures = 0
  #anchorMs = 0
  #connectingSinceMs = 0
  #writableSinceMs = 0

  /** In the pacer's queue; only the pacer writes it. */
  queued = false
  /** Noreply commands may not have reached the server: a barrier must follow; only the sender writes it. */
  unconfirmed = false

  constructor({slot, index, schedule, workload, owner, clock, casUnique, checker}: ConnectionOptions) {
    this.slot = slot
    this.index = index
    this.schedule = schedule
    this.workload = workload
    this.#owner = owner
    this.#clock = clock
    if (casUnique !== undefined) this.casUnique = casUnique
    if (checker !== undefined) {
      this.checker = checker
      this.onData = (bytes, start, end, last) => checker.onData(bytes, start, end, last)
    }
    if (casUnique !== undefined || checker !== undefined) {
      this.onValue = (line, start, end, size) => {
        // Bytes after the reply that made the connection fail belong to no call.
        if (!this.alive) return
        casUnique?.take(line, start, end)
        checker?.onValue(line, start, end, size)
      }
    }
    this.#parser = new ReplyParser(this)
  }

  get state(): ConnectionState {
    return this.#state
  }

  /** Whether replies may still come. */
  get alive(): boolean {
    return this.#state === 'open' || this.#state === 'draining'
  }

  /** Times that it was opened. */
  get openings(): number {
    return this.#openings
  }

  /** Times that it failed. */
  get failures(): number {
    return this.#failures
  }

  /** When its schedule begins, on the loop's clock. */
  get anchorMs(): number {
    return this.#anchorMs
  }

  /** When its next call is due, on the loop's clock; Infinity after the last. */
  get dueMs(): number {
    return this.#anchorMs + this.schedule.nextMs
  }

  /** When it last began to connect. */
  get connectingSinceMs(): number {
    return this.#connectingSinceMs
  }

  /** When it was opened, or its socket last accepted bytes again. */
  get writableSinceMs(): number {
    return this.#writableSinceMs
  }

  /** The socket has not accepted all bytes yet. */
  get backedUp(): boolean {
    return this.#socket?.backedUp === true
  }

  /** The last line received. */
  lastLine(): string {
    return this.#parser.lastLine()
  }

  /** Begins its schedule at a time of the loop's clock. */
  anchor(ms: number): void {
    this.#anchorMs = ms
  }

  /** Marks it as waiting to be opened. */
  wait(): void {
    this.#state = 'waiting'
  }

  /** Begins to connect. @param readBuffer may be shared by all connections: it is read before the callback returns */
  open({target, readBuffer}: {target: Address; readBuffer: Buffer}): void {
    this.#state = 'connecting'
    this.checker?.goesTo(target)
    this.#connectingSinceMs = this.#clock()
    this.outages.attempted(this.#connectingSinceMs)
    this.#parser = new ReplyParser(this)
    const {host, port} = target
    this.#socket = new ClientSocket(
      {target: {host, port}, noDelay: true, readBuffer},
      {
        onConnect: () => this.#connected(),
        onRead: (byteCount, bytes) => this.#read(byteCount, bytes),
        onFlushed: () => this.#flushed(),
        onError: error => this.fail(failureName(error)),
        onClose: () => this.fail('closed by server'),
      },
    )
  }

  /** Sends nothing more, to move to another server after its replies. */
  drain(): void {
    this.#state = 'draining'
  }

  /** Closes its socket without telling the owner, and waits to be opened at another server. */
  leave(): void {
    this.#release()
    this.#state = 'waiting'
  }

  /** Closes it from our side. */
  close(): void {
    this.#end(null)
  }

  fail(failure: string): void {
    this.#end(failure)
  }

  /**
   * Hands bytes to the socket.
   * @returns whether it accepted them all; if not, they must not be changed until flushed()
   */
  write(bytes: Buffer): boolean {
    return this.#socket!.write(bytes)
  }

  onReply(kind: ReplyKind, values: number): void {
    if (!this.alive) return
    if (kind === 'error' && this.lastLine().startsWith(TOO_MANY_CONNECTIONS)) this.fail(TURNED_AWAY)
    else this.#owner.replied(this, kind, values)
  }

  #connected(): void {
    this.#state = 'open'
    this.#openings++
    this.#writableSinceMs = this.#clock()
    this.#owner.opened(this)
  }

  #flushed(): void {
    this.#writableSinceMs = this.#clock()
    this.#owner.flushed(this)
  }

  #read(byteCount: number, bytes: Uint8Array): void {
    this.#owner.received(byteCount)
    this.#parser.push(bytes, byteCount)
    // A reply that never ends would never be checked.
    if (this.#parser.valuesSoFar > this.pending.size && this.pending.count > 0) {
      this.fail('out of step: more values than keys')
    }
  }

  #end(failure: string | null): void {
    if (this.#state === 'closed') return
    const before = this.#state
    this.#release()
    this.#state = 'closed'
    if (failure !== null) this.#failures++
    this.#owner.closed(this, failure, before)
  }

  #release(): void {
    this.#socket?.destroy()
    this.#socket = undefined
  }
}

function failureName(error: NodeJS.ErrnoException): string {
  const code = error.code ?? error.message
  return failureNames[code] ?? code
}
