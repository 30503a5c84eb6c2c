import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import {toPrintable} from '../../protocol/printable.js'
import type {ReplyKind} from '../../protocol/text/reply-kind.js'
import {ReplyParser} from '../../protocol/text/reply-parser.js'
import {reasonOf} from '../errors.js'
import type {SessionState, TranscriptEntry} from '../transcript/transcript.js'
import {TranscriptLog} from '../transcript/transcript-log.js'
import {DataLines} from './data-lines.js'
import {DueReplies} from './due-replies.js'
import {RequestSplitter} from './request-splitter.js'

const crlf = Buffer.from('\r\n')

/** A reply, and the lines that it answers. */
export interface SettledReply {
  readonly request: readonly string[]
  readonly kind: ReplyKind
  /** Monotonic ms. */
  readonly atMs: number
}

export interface ConsoleSessionOptions {
  readonly address: Address
  /** Called after every change, with the entries that are new. */
  readonly onChange?: (fresh: readonly TranscriptEntry[]) => void
  /** Called as each reply is complete. */
  readonly onReply?: (reply: SettledReply) => void
  /** @default 1000 */
  readonly maxEntries?: number
  /** Monotonic ms. @default performance.now */
  readonly now?: () => number
}

/** A telnet-like session to one node. Connects at once; does not reconnect. */
export class ConsoleSession {
  readonly address: Address
  readonly #onChange: (fresh: readonly TranscriptEntry[]) => void
  readonly #now: () => number
  readonly #log: TranscriptLog
  readonly #socket: Socket
  readonly #splitter = new RequestSplitter()
  readonly #parser: ReplyParser
  readonly #observers = new Set<(fresh: readonly TranscriptEntry[]) => void>()
  readonly #onReply: (reply: SettledReply) => void
  /** The lines of the request that is being typed. */
  #request: string[] = []
  readonly #due = new DueReplies()
  #state: SessionState = 'connecting'

  constructor(options: ConsoleSessionOptions) {
    const {address, onChange = () => {}, maxEntries = 1000, now = () => performance.now(), onReply} = options
    this.address = address
    this.#onChange = onChange
    this.#onReply = onReply ?? (() => {})
    this.#now = now
    this.#log = new TranscriptLog({maxEntries, now})
    const data = new DataLines((line, omitted) => this.#receiveLine(line, omitted))
    this.#parser = new ReplyParser({
      onLine: line => this.#receiveLine(line, 0),
      onData: (bytes, start, end, last) => data.push(bytes.subarray(start, end), last),
      onReply: kind => this.#settleReply(kind),
    })
    this.#socket = this.#connect()
  }

  state(): SessionState {
    return this.#state
  }

  /** Oldest first, bounded. A new array after every change. */
  entries(): readonly TranscriptEntry[] {
    return this.#log.entries()
  }

  /** Bytes of the data block still expected after a storage command, else null. */
  dataBytesExpected(): number | null {
    return this.#splitter.dataBytesExpected
  }

  /** Replies that are certain to come, and have not come yet. */
  repliesDue(): number {
    return this.#due.count
  }

  /** Calls back with new entries, besides onChange, until the returned function is called. */
  observe(listener: (fresh: readonly TranscriptEntry[]) => void): () => void {
    this.#observers.add(listener)
    return () => this.#observers.delete(listener)
  }

  /** Sends one typed line with its CRLF. */
  send(line: string): void {
    this.sendBytes(Buffer.from(line))
  }

  /** As send(), for a line that is no text. */
  sendBytes(line: Uint8Array): void {
    if (this.#state === 'closed') {
      this.note('system', 'Not connected.')
      return
    }
    const text = toPrintable(line)
    this.#log.add('sent', text)
    this.#request.push(text)
    for (const {bytes: piece, completes} of this.#splitter.push(Buffer.concat([line, crlf]))) {
      if (completes !== null) {
        this.#due.add({command: completes, lines: this.#request, sentAtMs: this.#now()})
        this.#request = []
      }
      this.#socket.write(piece)
    }
    this.#changed()
  }

  /** Stops reading from the node until resume(), for a reader that cannot keep up. */
  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  /** Adds a line that neither the user nor the node has written. */
  note(kind: 'system' | 'good' | 'bad', text: string): void {
    this.#log.add(kind, text)
    this.#changed()
  }

  close(): void {
    this.#end('Connection closed.')
    this.#socket.destroy()
  }

  #connect(): Socket {
    const {host, port} = this.address
    const socket = connect({host, port, noDelay: true})
    socket.on('connectionAttempt', (ip: string) => this.note('system', `Trying ${ip}...`))
    socket.on('connect', () => {
      this.#state = 'connected'
      this.#log.add('system', `Connected to ${host}.`)
      this.note('system', "Escape character is '^]'.")
    })
    socket.on('data', (chunk: Buffer) => {
      this.#parser.push(chunk)
      this.#changed()
    })
    socket.on('error', error => {
      if (this.#state === 'connecting')
        this.#end(`Unable to connect to ${formatAddress(this.address)}: ${reasonOf(error)}`)
    })
    socket.on('close', () => this.#end('Connection closed by foreign host.'))
    return socket
  }

  #receiveLine(line: Uint8Array, omittedBytes: number): void {
    const omitted = omittedBytes > 0 ? `… (${omittedBytes} more bytes)` : ''
    this.#log.add('received', toPrintable(line) + omitted)
  }

  #settleReply(kind: ReplyKind): void {
    const due = this.#due.settle(kind)
    if (due === undefined) return
    const atMs = this.#now()
    this.#log.setLatency((atMs - due.sentAtMs) * 1000)
    this.#onReply({request: due.lines, kind, atMs})
  }

  #end(reason: string): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#due.clear()
    this.note('system', reason)
  }

  #changed(): void {
    const fresh = this.#log.takeFresh()
    this.#onChange(fresh)
    for (const listener of this.#observers) listener(fresh)
  }
}
