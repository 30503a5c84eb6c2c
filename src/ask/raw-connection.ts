import type {Address} from '../protocol/address.js'
import {AskError, type AskProblem} from './ask-error.js'
import {type AskLimitOptions, type AskLimits, defaultLimits, limitsWith} from './ask-limits.js'
import {AskSocket} from './ask-socket.js'

/** Takes an answer out of what has come so far; null while it is not complete. */
export type TakeAnswer<T> = (received: Buffer) => {readonly answer: T; readonly bytes: number} | null

export interface RawConnectionOptions {
  readonly address: Address
  /** What is asked for, as the middle of "Expected … from …". @default 'an answer' */
  readonly expected?: string | undefined
  /** Limits of each answer; there are no lines. */
  readonly limits?: AskLimitOptions | undefined
  readonly signal?: AbortSignal | undefined
}

interface RawQuestion {
  readonly offer: () => void
  readonly reject: (error: unknown) => void
}

/** So many bytes of an incomplete answer an error keeps. */
const KEPT_BYTES = 1024
const FIRST_BUFFER_BYTES = 4096

/** A connection for one question at a time, of any bytes, answered by any bytes; limits as of an AskConnection. */
export class RawConnection {
  readonly #options: RawConnectionOptions
  readonly #limits: AskLimits
  readonly #socket: AskSocket
  #buffer: Buffer = Buffer.alloc(0)
  #length = 0
  #connected = false
  #hasSpoken = false
  #askedAtMs = 0
  #question: RawQuestion | undefined
  #failure: AskError | undefined

  constructor(options: RawConnectionOptions) {
    const {address, signal} = options
    this.#options = options
    this.#limits = limitsWith(defaultLimits, options.limits)
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

  /** @throws AskError when no answer comes within the limits */
  ask<T>(request: string | Uint8Array, take: TakeAnswer<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const {promise, resolve, reject} = Promise.withResolvers<T>()
    const offer = (): void => {
      const taken = take(this.#buffer.subarray(0, this.#length))
      if (taken === null) return
      this.#keepFrom(taken.bytes)
      this.#question = undefined
      this.#socket.endAt(null)
      resolve(taken.answer)
    }
    this.#question = {offer, reject}
    this.#askedAtMs = performance.now()
    this.#setDeadline()
    this.#socket.write(request)
    if (this.#length > 0) offer()
    return promise
  }

  close(): void {
    this.#socket.end({code: 'ERR_ASK_ABORTED', got: 'a dropped connection'})
  }

  #onBytes(chunk: Buffer): void {
    this.#hasSpoken = true
    const {maxBytes, bytesPerSecondMin} = this.#limits
    if (this.#length + chunk.length > maxBytes) {
      this.#socket.end({code: 'ERR_ASK_TOO_LONG', got: `an answer of more than ${maxBytes} bytes`})
      return
    }
    this.#append(chunk)
    this.#question?.offer()
    if (this.#question !== undefined && bytesPerSecondMin !== Number.POSITIVE_INFINITY) this.#setDeadline()
  }

  #append(chunk: Buffer): void {
    const needed = this.#length + chunk.length
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#buffer.length * 2, FIRST_BUFFER_BYTES))
      this.#buffer.copy(larger, 0, 0, this.#length)
      this.#buffer = larger
    }
    chunk.copy(this.#buffer, this.#length)
    this.#length = needed
  }

  /** In a buffer of its own: the one before belongs to the answer now. */
  #keepFrom(bytes: number): void {
    const rest = Buffer.from(this.#buffer.subarray(bytes, this.#length))
    this.#buffer = rest
    this.#length = rest.length
  }

  #setDeadline(): void {
    const {timeoutMs, bytesPerSecondMin} = this.#limits
    const moreMs = (this.#length / bytesPerSecondMin) * 1000
    this.#socket.endAt(this.#askedAtMs + timeoutMs + moreMs, () => this.#lateHow(timeoutMs))
  }

  #lateHow(timeoutMs: number): AskProblem {
    const code = 'ERR_ASK_TIMEOUT'
    if (!this.#connected) return {code, got: `no connection within ${timeoutMs} ms`}
    const unfinished = `an unfinished answer of ${this.#length} bytes after ${timeoutMs} ms`
    return {code, got: this.#length === 0 ? `no reply within ${timeoutMs} ms` : unfinished}
  }

  #lost(problem: AskProblem): void {
    const isMute = problem.code === 'ERR_ASK_CLOSED' && this.#connected && !this.#hasSpoken
    const {address, expected = 'an answer'} = this.#options
    const received = Buffer.from(this.#buffer.subarray(0, Math.min(this.#length, KEPT_BYTES)))
    const got = isMute ? 'a connection closed without a word' : problem.got
    this.#failure = new AskError({...problem, got, received, address, expected})
    this.#question?.reject(this.#failure)
    this.#question = undefined
  }
}
