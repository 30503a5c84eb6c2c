import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import {ReplyParser} from '../../protocol/reply-parser.js'
import {ConsoleError, reasonOf} from '../errors.js'

interface Waiting {
  resolve(reply: string): void
  reject(error: Error): void
}

/** A connection on which commands are asked one after the other. Text is latin1, so that it can hold any bytes. */
export class Exchange {
  readonly #socket: Socket
  readonly #where: string
  readonly #waiting: Waiting[] = []
  #parts: string[] = []

  /** @throws ConsoleError when nobody answers the dial. */
  static async connect(
    address: Address,
    {signal, timeoutMs}: {signal: AbortSignal; timeoutMs: number},
  ): Promise<Exchange> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)])
    const socket = connect({host: address.host, port: address.port, noDelay: true})
    try {
      await once(socket, 'connect', {signal: limit})
    } catch (error) {
      socket.destroy()
      const reason = limit.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error as NodeJS.ErrnoException)
      throw new ConsoleError('ERR_CONNECT', `Expected a server at ${formatAddress(address)}, got: ${reason}`)
    }
    return new Exchange(socket, formatAddress(address))
  }

  private constructor(socket: Socket, where: string) {
    this.#socket = socket
    this.#where = where
    const parser = new ReplyParser({
      onLine: line => this.#parts.push(Buffer.from(line).toString('latin1'), '\r\n'),
      onData: (bytes, start, end, last) => {
        this.#parts.push(Buffer.from(bytes.subarray(start, end)).toString('latin1'), last ? '\r\n' : '')
      },
      onReply: () => {
        this.#waiting.shift()?.resolve(this.#parts.join(''))
        this.#parts = []
      },
    })
    socket.on('data', (chunk: Buffer) => parser.push(chunk))
    socket.on('error', () => {})
    socket.on('close', () => this.#rejectAll())
  }

  /**
   * Sends a command (with its line end) and resolves with the whole reply.
   * @throws ConsoleError when the connection ends or no reply comes in time.
   */
  async ask(command: string, {timeoutMs}: {timeoutMs: number}): Promise<string> {
    if (this.#socket.destroyed) throw this.#lost()
    const {promise, resolve, reject} = Promise.withResolvers<string>()
    const timer = setTimeout(() => {
      reject(new ConsoleError('ERR_NO_REPLY', `${this.#where} gave no reply within ${Math.round(timeoutMs)} ms`))
      // A reply that comes too late would pass for the next one's.
      this.#socket.destroy()
    }, timeoutMs)
    this.#waiting.push({resolve, reject})
    this.#socket.write(command, 'latin1')
    try {
      return await promise
    } finally {
      clearTimeout(timer)
    }
  }

  close(): void {
    this.#socket.destroy()
  }

  #rejectAll(): void {
    for (const {reject} of this.#waiting.splice(0)) reject(this.#lost())
  }

  #lost(): ConsoleError {
    return new ConsoleError('ERR_CONNECTION_LOST', `the connection to ${this.#where} ended`)
  }
}
