import {AskError, type AskProblem} from '../../../ask/ask-error.js'
import {type AskLimits, bulkLimits} from '../../../ask/ask-limits.js'
import {AskSocket} from '../../../ask/ask-socket.js'
import type {Address} from '../../../protocol/address.js'

/** Takes the replies to one request, which may be many commands. */
export interface RepliesReader {
  /**
   * Takes whole replies from `at` on; what it keeps may be a view of `bytes`.
   * @returns where the first reply begins that is not complete or belongs to the next request
   * @throws UnexpectedReply
   */
  take(bytes: Buffer, at: number): number
  /** Whether all replies have come. */
  readonly isDone: boolean
  /** Length of the incomplete reply, in bytes, as far as it is known; else 0. */
  readonly wantedBytes: number
}

/** A reply to another question, or none that a server of this kind gives. */
export class UnexpectedReply extends Error {}

export interface PipelinedConnectionOptions {
  readonly address: Address
  /** What is asked for, in "Expected … from …". */
  readonly expected: string
  /** Of one request, from when it is the oldest; a long reply has more. @default 10_000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

interface Pending {
  readonly reader: RepliesReader
  readonly resolve: () => void
  readonly reject: (error: AskError) => void
}

/**
 * A connection for bulk: requests of many commands, any number under way, whose replies are cut out of the received
 * chunks without a copy. An AskConnection does more for each reply, which at 100,000 items a second is too much.
 */
export class PipelinedConnection {
  readonly #options: PipelinedConnectionOptions
  readonly #limits: AskLimits
  readonly #socket: AskSocket
  readonly #pending: Pending[] = []
  #rest: Buffer[] = []
  #restBytes = 0
  #failure: AskError | null = null
  #connected = false
  #headSinceMs = 0
  /** Received since the oldest request became the oldest. */
  #headBytes = 0

  constructor(options: PipelinedConnectionOptions) {
    const {address, signal} = options
    this.#options = options
    this.#limits = {...bulkLimits, timeoutMs: options.timeoutMs ?? bulkLimits.timeoutMs}
    this.#socket = new AskSocket({
      address,
      signal,
      events: {
        onConnect: () => {
          this.#connected = true
        },
        onBytes: chunk => this.#onBytes(chunk),
        onEnd: problem => this.#lost(problem),
      },
    })
    if (signal?.aborted) this.#socket.end({code: 'ERR_ASK_ABORTED', got: 'an interrupt', cause: signal.reason})
  }

  get address(): Address {
    return this.#options.address
  }

  /** Sends a request, text as latin1. Resolves with the reader when it has all replies. @throws AskError */
  async ask<R extends RepliesReader>(request: string | Uint8Array, reader: R): Promise<R> {
    if (this.#failure !== null) throw this.#failure
    const {promise, resolve, reject} = Promise.withResolvers<void>()
    this.#pending.push({reader, resolve, reject})
    if (this.#pending.length === 1) this.#beginHead()
    this.#socket.write(request)
    await promise
    return reader
  }

  close(): void {
    this.#socket.end({code: 'ERR_ASK_ABORTED', got: 'a dropped connection'})
  }

  #onBytes(chunk: Buffer): void {
    this.#headBytes += chunk.length
    this.#rest.push(chunk)
    this.#restBytes += chunk.length
    const head = this.#pending[0]
    // The pieces of a large value are joined once.
    if (head !== undefined && this.#restBytes < head.reader.wantedBytes) {
      this.#setDeadline()
      return
    }
    const bytes = this.#rest.length === 1 ? chunk : Buffer.concat(this.#rest, this.#restBytes)
    const at = this.#take(bytes)
    if (at === null) return
    this.#rest = at === bytes.length ? [] : [bytes.subarray(at)]
    this.#restBytes = bytes.length - at
    if (this.#pending.length > 0) this.#setDeadline()
  }

  /** @returns where the incomplete reply begins; null when the connection is over */
  #take(bytes: Buffer): number | null {
    let at = 0
    while (at < bytes.length) {
      const head = this.#pending[0]
      try {
        if (head === undefined) throw new UnexpectedReply('bytes that nobody has asked for')
        at = head.reader.take(bytes, at)
        if (!head.reader.isDone) return at
      } catch (error) {
        if (!(error instanceof UnexpectedReply)) throw error
        this.#socket.end({code: 'ERR_ASK_REPLY', got: error.message})
        return null
      }
      this.#pending.shift()
      if (this.#pending.length > 0) this.#beginHead()
      else this.#socket.endAt(null)
      head.resolve()
    }
    return at
  }

  #beginHead(): void {
    this.#headSinceMs = performance.now()
    this.#headBytes = 0
    this.#setDeadline()
  }

  #setDeadline(): void {
    const {timeoutMs, bytesPerSecondMin} = this.#limits
    const moreMs = (this.#headBytes / bytesPerSecondMin) * 1000
    this.#socket.endAt(this.#headSinceMs + timeoutMs + moreMs, () => this.#lateHow(timeoutMs))
  }

  #lateHow(timeoutMs: number): AskProblem {
    const code = 'ERR_ASK_TIMEOUT'
    if (!this.#connected) return {code, got: `no connection within ${timeoutMs} ms`}
    if (this.#headBytes === 0) return {code, got: `no reply within ${timeoutMs} ms`}
    return {code, got: `an unfinished reply of ${this.#headBytes} bytes after ${timeoutMs} ms`}
  }

  #lost(problem: AskProblem): void {
    const {address, expected} = this.#options
    this.#failure = new AskError({...problem, address, expected})
    this.#rest = []
    for (const {reject} of this.#pending.splice(0)) reject(this.#failure)
  }
}
