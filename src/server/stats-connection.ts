import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../protocol/address.js'
import {ReplyParser} from '../protocol/reply-parser.js'
import {NodeReplyError} from './node-errors.js'
import type {ConnectionEnds} from './stats-clients.js'
import type {OwnTraffic} from './stats-own-traffic.js'

export interface Reply {
  /** Every line but those of data blocks. */
  readonly lines: readonly string[]
  /** The data blocks, one after the other, as latin1. */
  readonly data: string
  /** Monotonic ms at which the request could leave, and at which the reply was complete. */
  readonly sentAtMs: number
  readonly atMs: number
}

export type Settle = (outcome: Reply | NodeReplyError) => void

interface Request {
  sentAtMs: number
  readonly settle: Settle
}

export interface StatsConnectionOptions {
  readonly address: Address
  /** Told of what goes over the connection. */
  readonly traffic: OwnTraffic
  /** Monotonic ms. @default performance.now */
  readonly now?: () => number
}

/**
 * One connection that is kept, for many requests one after the other. It is dialled by the first request,
 * and again by the first one after it was lost. Replies come by callback, without a turn of the event loop.
 */
export class StatsConnection {
  readonly #options: Required<StatsConnectionOptions>
  readonly #pending: Request[] = []
  #socket: Socket | null = null
  #connected = false
  #lines: string[] = []
  #data = ''

  constructor(options: StatsConnectionOptions) {
    this.#options = {now: () => performance.now(), ...options}
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Null while it is not connected. */
  get ends(): ConnectionEnds | null {
    const {remoteAddress, remotePort, localPort} = this.#socket ?? {}
    return remoteAddress === undefined || remotePort === undefined || localPort === undefined
      ? null
      : {remoteAddress, remotePort, localPort}
  }

  /** Monotonic ms since which the node owes an answer; null when it owes none. */
  get waitingSinceMs(): number | null {
    return this.#pending[0]?.sentAtMs ?? null
  }

  /** Sends whole commands that have one reply together; `settle` is called once. */
  send(request: string, settle: Settle): void {
    const socket = this.#socket ?? this.#dial()
    this.#pending.push({sentAtMs: this.#options.now(), settle})
    this.#options.traffic.asked(request.length)
    socket.write(Buffer.from(request, 'latin1'))
  }

  /** The reply to a command line. @throws NodeReplyError when the connection is lost */
  ask(command: string): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.send(`${command}\r\n`, outcome => (outcome instanceof NodeReplyError ? reject(outcome) : resolve(outcome)))
    })
  }

  /** Ends the connection; whoever waits for a reply gets an error that says so. */
  drop(reason = 'a dropped connection'): void {
    this.#socket?.destroy()
    this.#lost(reason)
  }

  #dial(): Socket {
    const {address, traffic, now} = this.#options
    const socket = connect({host: address.host, port: address.port, noDelay: true})
    this.#socket = socket
    const parser = new ReplyParser({
      onLine: line => this.#lines.push(Buffer.from(line).toString('latin1')),
      onData: (bytes, start, end) => {
        this.#data += Buffer.from(bytes.subarray(start, end)).toString('latin1')
      },
      onReply: () => this.#settle(),
    })
    socket.on('connect', () => {
      this.#connected = true
      traffic.count('connections')
      for (const request of this.#pending) request.sentAtMs = now()
    })
    socket.on('data', (chunk: Buffer) => {
      traffic.count('bytesWritten', chunk.length)
      parser.push(chunk)
    })
    let problem = 'a closed connection'
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem = describe(error)
    })
    socket.on('close', () => {
      if (this.#socket === socket) this.#lost(problem)
    })
    return socket
  }

  #settle(): void {
    const request = this.#pending.shift()
    if (request !== undefined) this.#options.traffic.count('underWay', -1)
    const lines = this.#lines
    const data = this.#data
    this.#lines = []
    this.#data = ''
    request?.settle({lines, data, sentAtMs: request.sentAtMs, atMs: this.#options.now()})
  }

  #lost(reason: string): void {
    if (this.#connected) this.#options.traffic.count('connections', -1)
    this.#connected = false
    this.#socket = null
    this.#lines = []
    this.#data = ''
    const where = formatAddress(this.#options.address)
    this.#options.traffic.count('underWay', -this.#pending.length)
    for (const {settle} of this.#pending.splice(0)) {
      settle(new NodeReplyError(`Expected an answer from ${where}, got ${reason}`))
    }
  }
}

function describe(error: NodeJS.ErrnoException): string {
  // Several addresses were tried.
  const first: NodeJS.ErrnoException = error instanceof AggregateError ? error.errors[0] : error
  switch (first.code) {
    case 'ECONNREFUSED':
      return 'a refused connection: nothing listens there'
    case 'ENOTFOUND':
      return 'a host name that does not resolve'
    case 'ECONNRESET':
      return 'a reset connection'
    default:
      return first.code ?? first.message
  }
}
