import {connect, type Socket} from 'node:net'
import type {Address} from '../protocol/address.js'
import type {AskErrorCode, AskProblem} from './ask-error.js'

/** Events of a socket. */
export interface AskSocketEvents {
  onConnect(): void
  onBytes(chunk: Buffer): void
  /** The connection has ended, for any reason; called once. */
  onEnd(problem: AskProblem): void
}

export interface AskSocketOptions {
  readonly address: Address
  readonly signal?: AbortSignal | undefined
  readonly events: AskSocketEvents
}

/** Addresses and ports of both ends of a connection. */
export interface SocketEnds {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly localPort: number
}

export const interrupted: AskProblem = {code: 'ERR_ASK_ABORTED', got: 'an interrupt'}

/** Errors of a socket that have words of their own. */
const socketErrors: Readonly<Record<string, readonly [AskErrorCode, string]>> = {
  ECONNREFUSED: ['ERR_ASK_REFUSED', 'a refused connection: nothing listens there'],
  ENOTFOUND: ['ERR_ASK_UNREACHABLE', 'a host name that does not resolve'],
  EAI_AGAIN: ['ERR_ASK_UNREACHABLE', 'a host name that cannot be resolved now'],
  EHOSTUNREACH: ['ERR_ASK_UNREACHABLE', 'no route to the host'],
  ENETUNREACH: ['ERR_ASK_UNREACHABLE', 'an unreachable network'],
  ETIMEDOUT: ['ERR_ASK_TIMEOUT', 'no connection: the host does not answer'],
  ECONNRESET: ['ERR_ASK_RESET', 'a reset connection'],
  EPIPE: ['ERR_ASK_CLOSED', 'a closed connection'],
}

/** One TCP connection with a deadline that its owner moves. */
export class AskSocket {
  readonly #socket: Socket
  readonly #events: AskSocketEvents
  readonly #signal: AbortSignal | undefined
  readonly #onAbort = (): void => this.end({...interrupted, cause: this.#signal?.reason})
  #timer: NodeJS.Timeout | undefined
  #timerAtMs = Number.POSITIVE_INFINITY
  #deadline: {readonly atMs: number; readonly problem: () => AskProblem} | null = null
  #isOver = false

  constructor({address, signal, events}: AskSocketOptions) {
    this.#events = events
    this.#signal = signal
    this.#socket = connect({host: address.host, port: address.port, noDelay: true})
    this.#socket.on('connect', () => {
      if (!this.#isOver) events.onConnect()
    })
    this.#socket.on('data', (chunk: Buffer) => {
      if (!this.#isOver) events.onBytes(chunk)
    })
    this.#socket.on('error', error => this.end(problemOfSocket(error)))
    this.#socket.on('close', () => this.end({code: 'ERR_ASK_CLOSED', got: 'a closed connection'}))
    // Not left to the socket's own option `signal`, which keeps every socket for as long as the signal lives.
    signal?.addEventListener('abort', this.#onAbort)
  }

  /** Null while it is not connected. */
  get ends(): SocketEnds | null {
    const {remoteAddress, remotePort, localPort} = this.#socket
    return remoteAddress === undefined || remotePort === undefined || localPort === undefined
      ? null
      : {remoteAddress, remotePort, localPort}
  }

  /** A text is sent as latin1. */
  write(bytes: string | Uint8Array): void {
    if (typeof bytes === 'string') this.#socket.write(bytes, 'latin1')
    else this.#socket.write(bytes)
  }

  /** Sets the deadline (monotonic ms) at which the connection ends; null for none. */
  endAt(atMs: number | null, problem: () => AskProblem = () => interrupted): void {
    this.#deadline = atMs === null || atMs === Number.POSITIVE_INFINITY ? null : {atMs, problem}
    if (this.#deadline === null) this.#disarm()
    else if (this.#deadline.atMs < this.#timerAtMs) this.#arm(this.#deadline.atMs)
  }

  /** Harmless when it is over. */
  end(problem: AskProblem): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#signal?.removeEventListener('abort', this.#onAbort)
    this.#deadline = null
    this.#disarm()
    this.#socket.destroy()
    this.#events.onEnd(problem)
  }

  #arm(atMs: number): void {
    clearTimeout(this.#timer)
    this.#timerAtMs = atMs
    this.#timer = setTimeout(() => this.#onTimer(), Math.max(1, Math.ceil(atMs - performance.now())))
  }

  #disarm(): void {
    clearTimeout(this.#timer)
    this.#timerAtMs = Number.POSITIVE_INFINITY
  }

  /** A deadline that was moved back is looked at when the earlier one is over: that costs one timer and not one each time. */
  #onTimer(): void {
    this.#timerAtMs = Number.POSITIVE_INFINITY
    const deadline = this.#deadline
    if (deadline === null) return
    // A timer may be a little early.
    if (performance.now() + 1 < deadline.atMs) this.#arm(deadline.atMs)
    // This process may have stood still: what the kernel holds for it is read first.
    else setImmediate(() => setImmediate(() => this.#endIfDue()))
  }

  #endIfDue(): void {
    const deadline = this.#deadline
    if (deadline === null) return
    if (performance.now() + 1 < deadline.atMs) this.endAt(deadline.atMs, deadline.problem)
    else this.end(deadline.problem())
  }
}

/** A socket's error in words; the first one where several addresses were tried. */
function problemOfSocket(error: NodeJS.ErrnoException): AskProblem {
  const first: NodeJS.ErrnoException = error instanceof AggregateError ? (error.errors[0] ?? error) : error
  const [code, got] = socketErrors[first.code ?? ''] ?? ['ERR_ASK_UNREACHABLE', first.code ?? first.message]
  return {code, got, cause: error}
}
