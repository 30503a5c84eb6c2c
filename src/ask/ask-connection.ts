import type {Address} from '../protocol/address.js'
import {AskError, type AskProblem} from './ask-error.js'
import {type AskLimitOptions, type AskLimits, defaultLimits, limitsWith} from './ask-limits.js'
import {AskSocket, interrupted, type SocketEnds} from './ask-socket.js'
import {type CountedRequest, countedRequest, type OwnTraffic} from './own-traffic.js'
import type {Answer, Question, ReplyReader} from './question.js'
import {inQuotes} from './quote.js'
import {ReplyStream, type ReplyTaker} from './reply-stream.js'

export interface AskConnectionOptions {
  readonly address: Address
  /** What is asked for, in "Expected … from …". @default 'an answer' */
  readonly expected?: string | undefined
  /** Limits of each reply. */
  readonly limits?: AskLimitOptions | undefined
  /** Aborting it ends the connection. */
  readonly signal?: AbortSignal | undefined
  /** Whether the next question opens a lost connection again. @default false: it fails as the one before */
  readonly redials?: boolean
  /** Whether readers get lines: without them short replies are read faster, and lines are not counted. @default true */
  readonly lines?: boolean
  /** Counters of what goes over the connection, to be taken out of the node's figures. */
  readonly traffic?: readonly OwnTraffic[] | undefined
  /** Called whenever it is connected. */
  readonly onConnect?: (() => void) | undefined
  /** Monotonic ms. @default performance.now */
  readonly now?: (() => number) | undefined
}

interface Pending extends ReplyTaker {
  readonly question: Question
  readonly limits: AskLimits
  sentAtMs: number
  /** What a node counts of it; null without counters. */
  readonly counted: CountedRequest | null
  hits: number
}

/**
 * A connection for questions to a server, opened by the first one. Any number of questions may be under way; replies
 * come in order. Each question settles, whatever the server does: within its limits of time, bytes and lines, or with
 * an AskError. An error ends the connection, for what comes later would pass for the next reply.
 */
export class AskConnection {
  readonly #options: AskConnectionOptions
  readonly #limits: AskLimits
  readonly #traffic: readonly OwnTraffic[]
  readonly #now: () => number
  readonly #pending: Pending[] = []
  #socket: AskSocket | null = null
  #stream: ReplyStream
  #connected = false
  /** Whether the server has sent a byte on this socket. */
  #hasSpoken = false
  #failure: AskProblem | null = null
  /** When the reply before the one that is due was complete. */
  #headSinceMs = 0
  #opening: PromiseWithResolvers<void> | null = null

  constructor(options: AskConnectionOptions) {
    this.#options = options
    this.#limits = limitsWith(defaultLimits, options.limits)
    this.#traffic = options.traffic ?? []
    this.#now = options.now ?? (() => performance.now())
    this.#stream = this.#newStream()
  }

  get address(): Address {
    return this.#options.address
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Null while it is not connected. */
  get ends(): SocketEnds | null {
    return this.#socket?.ends ?? null
  }

  /** Monotonic ms since which the server owes an answer; null when it owes none. */
  get waitingSinceMs(): number | null {
    return this.#pending[0]?.sentAtMs ?? null
  }

  /** Connects before the first question. @throws AskError */
  open(): Promise<void> {
    if (this.#connected) return Promise.resolve()
    if (this.#failure !== null && this.#options.redials !== true) return Promise.reject(this.#errorOf(this.#failure))
    this.#opening ??= Promise.withResolvers()
    const {promise} = this.#opening
    if (this.#socket === null && this.#dial() === null) return promise
    if (this.#pending.length === 0) this.#setDeadline()
    return promise
  }

  /** Sends questions; those of one call leave together. */
  send(...questions: readonly Question[]): void {
    if (this.#failure !== null && this.#options.redials !== true) {
      for (const {expected, settle} of questions) settle(this.#errorOf(this.#failure, expected))
      return
    }
    const isIdle = this.#pending.length === 0
    const sentAtMs = this.#now()
    for (const question of questions) {
      this.#pending.push(this.#pendingOf(question, sentAtMs))
      for (const traffic of this.#traffic) traffic.asked(question.request.length)
    }
    const socket = this.#socket ?? this.#dial()
    if (socket === null) return
    if (isIdle) {
      this.#headSinceMs = sentAtMs
      this.#setDeadline()
    }
    for (const bytes of requestsOf(questions)) socket.write(bytes)
  }

  /** The end of the reply to whole commands. @throws AskError */
  ask(request: string | Uint8Array, parts: Pick<Question, 'expected' | 'reader' | 'limits'> = {}): Promise<Answer> {
    const {promise, resolve, reject} = Promise.withResolvers<Answer>()
    this.send({
      request,
      ...parts,
      settle: outcome => (outcome instanceof AskError ? reject(outcome) : resolve(outcome)),
    })
    return promise
  }

  /** Ends the connection because of what the server says: open questions fail with an error that says so. */
  refuse(got: string): void {
    this.#socket?.end({code: 'ERR_ASK_REPLY', got})
  }

  /** Ends the connection: open questions fail with an error that says so. */
  close(reason = 'a dropped connection'): void {
    const problem: AskProblem = {code: 'ERR_ASK_ABORTED', got: reason}
    if (this.#socket === null) this.#failure ??= problem
    else this.#socket.end(problem)
  }

  #pendingOf(question: Question, sentAtMs: number): Pending {
    const {request, reader, limits} = question
    const common = {question, limits: limitsWith(this.#limits, limits), sentAtMs, hits: 0}
    if (this.#traffic.length === 0) return {...common, reader, counted: null}
    const pending: Pending = {
      ...common,
      counted: countedRequest(request),
      reader: countingReader(reader, () => pending.hits++),
    }
    return pending
  }

  #dial(): AskSocket | null {
    const {address, signal} = this.#options
    if (signal?.aborted) {
      this.#lost({...interrupted, cause: signal.reason})
      return null
    }
    this.#failure = null
    this.#hasSpoken = false
    this.#stream = this.#newStream()
    this.#socket = new AskSocket({
      address,
      signal,
      events: {
        onConnect: () => this.#onConnect(),
        onBytes: chunk => this.#onBytes(chunk),
        onEnd: problem => this.#lost(this.#closedHow(problem)),
      },
    })
    return this.#socket
  }

  #onConnect(): void {
    this.#connected = true
    for (const traffic of this.#traffic) traffic.connected()
    this.#options.onConnect?.()
    const now = this.#now()
    for (const pending of this.#pending) pending.sentAtMs = now
    this.#opening?.resolve()
    this.#opening = null
    if (this.#pending.length === 0) this.#setDeadline()
  }

  #onBytes(chunk: Buffer): void {
    this.#hasSpoken = true
    for (const traffic of this.#traffic) traffic.received(chunk.length)
    const stream = this.#stream
    stream.push(chunk)
    const head = this.#pending[0]
    if (head === undefined || stream !== this.#stream) return
    if (head.limits.bytesPerSecondMin !== Number.POSITIVE_INFINITY) this.#setDeadline()
  }

  #newStream(): ReplyStream {
    // A settled question may drop the connection and ask again, while a chunk of the old one is still being read.
    const isCurrent = (): boolean => this.#stream === stream && this.#socket !== null
    const stream: ReplyStream = new ReplyStream({
      lines: this.#options.lines !== false,
      taker: () => (isCurrent() ? this.#pending[0] : undefined),
      onReply: end => {
        if (isCurrent()) this.#onReply(end)
      },
      onTooLong: got => {
        if (isCurrent()) this.#socket?.end({code: 'ERR_ASK_TOO_LONG', got})
      },
    })
    return stream
  }

  #onReply(end: Pick<Answer, 'kind' | 'lastLine' | 'bytes'>): void {
    const pending = this.#pending.shift()
    if (pending === undefined) {
      this.refuse(`${inQuotes(end.lastLine)}, which nobody has asked for`)
      return
    }
    const atMs = this.#now()
    this.#headSinceMs = atMs
    this.#setDeadline()
    if (pending.counted !== null) for (const traffic of this.#traffic) traffic.answered(pending.counted, pending.hits)
    pending.question.settle({...end, sentAtMs: pending.sentAtMs, atMs})
  }

  /** For the question whose reply is due, or for the connection where that is waited for. */
  #setDeadline(): void {
    const head = this.#pending[0]
    const isWanted = head !== undefined || this.#opening !== null
    if (!isWanted) {
      this.#socket?.endAt(null)
      return
    }
    const {timeoutMs, bytesPerSecondMin} = head?.limits ?? this.#limits
    // On the process's own clock, also where `now` is another one.
    const waitedMs = head === undefined ? 0 : this.#now() - Math.max(this.#headSinceMs, head.sentAtMs)
    const moreMs = (this.#stream.bytesSoFar / bytesPerSecondMin) * 1000
    this.#socket?.endAt(performance.now() - waitedMs + timeoutMs + moreMs, () => this.#lateHow(timeoutMs))
  }

  #lateHow(timeoutMs: number): AskProblem {
    const code = 'ERR_ASK_TIMEOUT'
    if (!this.#connected) return {code, got: `no connection within ${timeoutMs} ms`}
    const {bytesSoFar} = this.#stream
    if (bytesSoFar === 0) return {code, got: `no reply within ${timeoutMs} ms`}
    return {code, got: `an unfinished reply of ${bytesSoFar} bytes after ${timeoutMs} ms`}
  }

  #closedHow(problem: AskProblem): AskProblem {
    if (problem.code !== 'ERR_ASK_CLOSED' || !this.#connected) return problem
    if (!this.#hasSpoken) return {...problem, got: 'a connection closed without a word'}
    return this.#stream.midReply ? {...problem, got: 'a connection closed in the middle of a reply'} : problem
  }

  #lost(problem: AskProblem): void {
    if (this.#connected) for (const traffic of this.#traffic) traffic.disconnected()
    this.#connected = false
    this.#socket = null
    this.#failure = problem
    this.#opening?.reject(this.#errorOf(problem))
    this.#opening = null
    for (const {question} of this.#pending.splice(0)) {
      for (const traffic of this.#traffic) traffic.notAnswered()
      question.settle(this.#errorOf(problem, question.expected))
    }
  }

  #errorOf(problem: AskProblem, expected = this.#options.expected ?? 'an answer'): AskError {
    return new AskError({...problem, address: this.address, expected})
  }
}

/** The same reader, told of values by somebody who counts them. */
function countingReader(reader: ReplyReader | undefined, onHit: () => void): ReplyReader {
  return {
    onLine: line => reader?.onLine?.(line),
    onValue(bytes, start, end, size) {
      onHit()
      reader?.onValue?.(bytes, start, end, size)
    },
    onData: (bytes, start, end, last) => reader?.onData?.(bytes, start, end, last),
  }
}

/** One write for all, where they are texts. */
function requestsOf(questions: readonly Question[]): readonly (string | Uint8Array)[] {
  const requests = questions.map(({request}) => request)
  return requests.length > 1 && requests.every(request => typeof request === 'string') ? [requests.join('')] : requests
}
