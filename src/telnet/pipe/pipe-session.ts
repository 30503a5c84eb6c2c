import {once} from 'node:events'
import {connect, type Socket} from 'node:net'
import type {Readable, Writable} from 'node:stream'
import {type Address, formatAddress} from '../../protocol/address.js'
import {ConsoleError, reasonOf} from '../errors.js'
import {type RequestPiece, RequestSplitter} from '../session/request-splitter.js'
import {ReplyOutput} from './reply-output.js'
import {Unanswered} from './unanswered.js'

const closingVerbs = new Set(['quit', 'shutdown'])

export interface PipeSessionOptions {
  readonly address: Address
  /** Commands and data blocks, with LF or CRLF. */
  readonly input: Readable
  /** Gets the replies and nothing else. */
  readonly output: Writable
  /** Gets telnet's own lines ("Trying …"). */
  readonly onNotice: (line: string) => void
  /** Longest silence while connecting, while the node takes nothing, and while replies are due after the end of the input. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
}

/**
 * Sends what comes in and puts out the replies. Resolves when the input has
 * ended and every reply has come, or the node closed the connection after `quit`.
 * @throws ConsoleError when the node cannot be reached, falls silent or goes away before that; it names what was not answered.
 */
export async function runPipeSession(options: PipeSessionOptions): Promise<void> {
  const {address, input, onNotice, signal} = options
  const socket = connect({host: address.host, port: address.port, noDelay: true, signal})
  socket.on('connectionAttempt', (ip: string) => onNotice(`Trying ${ip}...`))
  try {
    await connected(socket, options)
    onNotice(`Connected to ${address.host}.`)
    onNotice("Escape character is '^]'.")
    await new PipeSession(socket, options).run()
  } finally {
    socket.destroy()
    input.destroy()
  }
}

async function connected(socket: Socket, {address, timeoutMs}: PipeSessionOptions): Promise<void> {
  const timer = setTimeout(() => socket.destroy(Object.assign(new Error(), {code: 'ETIMEDOUT'})), timeoutMs)
  try {
    await once(socket, 'connect')
  } catch (error) {
    const reason = reasonOf(error as NodeJS.ErrnoException)
    throw new ConsoleError('ERR_CONNECT', `Expected a server at ${formatAddress(address)}, got: ${reason}`)
  } finally {
    clearTimeout(timer)
  }
}

class PipeSession {
  readonly #socket: Socket
  readonly #options: PipeSessionOptions
  readonly #splitter = new RequestSplitter()
  readonly #replies: ReplyOutput
  readonly #answered = Promise.withResolvers<void>()
  readonly #unanswered = new Unanswered()
  #versionsSent = 0
  /** The command line under way. */
  #line: Uint8Array | null = null
  /** What the socket died of. */
  #problem = 'a closed connection'
  /** The user asked for the connection's end. */
  #mayClose = false

  constructor(socket: Socket, options: PipeSessionOptions) {
    this.#socket = socket
    this.#options = options
    this.#replies = new ReplyOutput(
      bytes => this.#write(bytes),
      () => this.#unanswered.answered(),
    )
    // The input may still be read when it rejects.
    this.#answered.promise.catch(() => {})
  }

  async run(): Promise<void> {
    this.#socket.on('data', (chunk: Buffer) => {
      if (this.#replies.push(chunk)) this.#answered.resolve()
    })
    this.#socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#problem = reasonOf(error)
    })
    // Later than the sender, which notes what can no longer be sent.
    this.#socket.on('close', () => setImmediate(() => this.#onClose()))
    this.#socket.on('timeout', () => this.#fail('ERR_NO_REPLY', `no byte for ${this.#options.timeoutMs} ms`))
    await Promise.race([this.#sendAll(), this.#answered.promise])
    await this.#answered.promise
  }

  async #sendAll(): Promise<void> {
    for await (const chunk of this.#options.input) {
      await this.#send(this.#splitter.push(chunk as Buffer))
      if (this.#mayClose) break
    }
    if (!this.#mayClose) await this.#send(this.#splitter.end())
    this.#socket.setTimeout(this.#options.timeoutMs)
    if (this.#mayClose) return
    // Its answer proves that everything before it was dealt with, also commands that are never answered.
    this.#replies.expectBarrier(this.#versionsSent)
    this.#socket.write('version\r\n')
  }

  async #send(pieces: readonly RequestPiece[]): Promise<void> {
    for (const {bytes, completes} of pieces) {
      this.#line ??= bytes
      if (completes?.verb === 'version') this.#versionsSent++
      if (completes !== null) {
        if (completes.answer === 'one') this.#unanswered.sent(this.#line)
        this.#line = null
      }
      // What can no longer be sent is not answered either.
      if (!this.#socket.destroyed && !this.#socket.write(bytes)) await this.#drained()
      if (completes !== null && closingVerbs.has(completes.verb)) {
        // Bytes that the server leaves unread would make it reset the connection, and replies on their way would be lost.
        this.#mayClose = true
        return
      }
    }
  }

  #write(bytes: Buffer): void {
    const {output} = this.#options
    if (output.write(bytes)) return
    this.#socket.pause()
    output.once('drain', () => this.#socket.resume())
  }

  /** Until the socket takes more, or is gone. */
  #drained(): Promise<void> {
    const {promise, resolve} = Promise.withResolvers<void>()
    this.#socket.once('drain', resolve).once('close', resolve)
    this.#socket.setTimeout(this.#options.timeoutMs)
    return promise.finally(() => this.#socket.setTimeout(0).off('drain', resolve).off('close', resolve))
  }

  #onClose(): void {
    if (this.#mayClose && this.#unanswered.count === 0) this.#answered.resolve()
    else this.#fail('ERR_CONNECTION_LOST', this.#problem)
  }

  #fail(code: 'ERR_CONNECTION_LOST' | 'ERR_NO_REPLY', problem: string): void {
    const where = formatAddress(this.#options.address)
    const left = this.#unanswered.describe()
    const names = left === '' ? '' : `; not answered: ${left}`
    this.#answered.reject(new ConsoleError(code, `Expected every reply from ${where}, got ${problem}${names}`))
  }
}
