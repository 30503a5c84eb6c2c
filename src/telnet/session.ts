import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../protocol/address.js'
import {ReplyParser} from '../protocol/reply-parser.js'
import {DataLines} from './data-lines.js'
import {reasonOf} from './errors.js'
import {toPrintable} from './printable.js'
import {RequestSplitter} from './request-splitter.js'
import type {SessionState, TranscriptEntry} from './transcript.js'
import {TranscriptLog} from './transcript-log.js'

export interface ConsoleSessionOptions {
  readonly address: Address
  /** Called after every change, with the entries that are new. */
  readonly onChange?: (fresh: readonly TranscriptEntry[]) => void
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
  /** When each command that awaits its reply was sent, oldest first; monotonic ms. */
  readonly #sentAtMs: number[] = []
  #state: SessionState = 'connecting'

  constructor({address, onChange = () => {}, maxEntries = 1000, now = () => performance.now()}: ConsoleSessionOptions) {
    this.address = address
    this.#onChange = onChange
    this.#now = now
    this.#log = new TranscriptLog({maxEntries, now})
    const data = new DataLines((line, omitted) => this.#receiveLine(line, omitted))
    this.#parser = new ReplyParser({
      onLine: line => this.#receiveLine(line, 0),
      onData: (bytes, start, end, last) => data.push(bytes.subarray(start, end), last),
      onReply: () => this.#settleReply(),
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

  /** Sends one typed line with its CRLF. */
  send(line: string): void {
    if (this.#state === 'closed') {
      this.#system('Not connected.')
      return
    }
    const bytes = Buffer.from(`${line}\r\n`)
    this.#log.add('sent', toPrintable(bytes.subarray(0, -2)))
    for (const {bytes: piece, completes} of this.#splitter.push(bytes)) {
      if (completes?.expectsReply === true) this.#sentAtMs.push(this.#now())
      this.#socket.write(piece)
    }
    this.#changed()
  }

  close(): void {
    this.#end('Connection closed.')
    this.#socket.destroy()
  }

  #connect(): Socket {
    const {host, port} = this.address
    const socket = connect({host, port, noDelay: true})
    socket.on('connectionAttempt', (ip: string) => this.#system(`Trying ${ip}...`))
    socket.on('connect', () => {
      this.#state = 'connected'
      this.#log.add('system', `Connected to ${host}.`)
      this.#system("Escape character is '^]'.")
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

  #settleReply(): void {
    const sentAtMs = this.#sentAtMs.shift()
    if (sentAtMs !== undefined) this.#log.setLatency((this.#now() - sentAtMs) * 1000)
  }

  #end(reason: string): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#system(reason)
  }

  #system(text: string): void {
    this.#log.add('system', text)
    this.#changed()
  }

  #changed(): void {
    this.#onChange(this.#log.takeFresh())
  }
}
