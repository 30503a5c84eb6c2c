import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {ReplyKind} from '../../protocol/reply-kind.js'
import {ReplyParser} from '../../protocol/reply-parser.js'

type ProbeCommand = 'set' | 'get' | 'delete'

/** Told of what a probe does to a node, so that it can be taken out of the node's figures. */
export interface ProbeObserver {
  connected(): void
  disconnected(): void
  asked(requestBytes: number): void
  /** A get counts once for each of its keys. */
  answered(answer: {
    readonly command: ProbeCommand
    readonly hits: number
    readonly misses: number
    readonly bytes: number
  }): void
  /** There will be no answer to one request. */
  failed(): void
}

export interface ProbeAnswer {
  readonly kind: ReplyKind
  /** The line that ended the reply. */
  readonly line: string
  /** Keys of a get that were there. */
  readonly found: readonly string[]
  /** Monotonic ms at which the request could leave, and at which the reply was complete. */
  readonly sentAtMs: number
  readonly atMs: number
}

export interface ProbeRequest {
  readonly command: ProbeCommand
  /** With its line ends. */
  readonly text: string
  /** How many keys a get asks for. */
  readonly keys: number
  /** Called once; with a text when there will be no answer. */
  readonly settle: (outcome: ProbeAnswer | string) => void
}

interface Pending extends ProbeRequest {
  sentAtMs: number
}

const VALUE_WORD = 'VALUE '.length
const SPACE = 0x20

/**
 * One connection of a probe: dialled by the first request, and again by the first one after it was lost. Any number of
 * requests may be under way.
 */
export class ProbeConnection {
  readonly #address: Address
  readonly #observer: ProbeObserver
  readonly #pending: Pending[] = []
  #socket: Socket | null = null
  #connected = false
  #found: string[] = []

  constructor(address: Address, observer: ProbeObserver) {
    this.#address = address
    this.#observer = observer
  }

  get connected(): boolean {
    return this.#connected
  }

  /** Since when the node owes an answer; null when it owes none. */
  get waitingSinceMs(): number | null {
    return this.#pending[0]?.sentAtMs ?? null
  }

  /** Those of one call leave together. */
  send(requests: readonly ProbeRequest[]): void {
    const socket = this.#socket ?? this.#dial()
    const sentAtMs = performance.now()
    for (const request of requests) {
      this.#pending.push({...request, sentAtMs})
      this.#observer.asked(request.text.length)
    }
    socket.write(requests.map(({text}) => text).join(''), 'latin1')
  }

  drop(reason = 'a dropped connection'): void {
    this.#socket?.destroy()
    this.#lost(reason)
  }

  #dial(): Socket {
    const socket = connect({host: this.#address.host, port: this.#address.port, noDelay: true})
    this.#socket = socket
    const parser = new ReplyParser({
      onValue: (bytes, start) => {
        const from = start + VALUE_WORD
        this.#found.push(Buffer.from(bytes.subarray(from, bytes.indexOf(SPACE, from))).toString('latin1'))
      },
      onReply: kind => this.#settle(kind, parser),
    })
    socket.on('connect', () => {
      this.#connected = true
      this.#observer.connected()
      for (const request of this.#pending) request.sentAtMs = performance.now()
    })
    socket.on('data', (chunk: Buffer) => parser.push(chunk))
    let problem = 'a closed connection'
    socket.on('error', (error: NodeJS.ErrnoException) => {
      problem = error.code === 'ECONNREFUSED' ? 'a refused connection: nothing listens there' : (error.code ?? problem)
    })
    socket.on('close', () => {
      if (this.#socket === socket) this.#lost(problem)
    })
    return socket
  }

  #settle(kind: ReplyKind, parser: ReplyParser): void {
    const found = this.#found
    this.#found = []
    const request = this.#pending.shift()
    if (request === undefined) return
    const {command, keys, sentAtMs, settle} = request
    const [hits, misses] = command === 'get' ? [found.length, keys - found.length] : [0, 0]
    this.#observer.answered({command, hits, misses, bytes: parser.replyBytes})
    settle({kind, line: parser.lastLine(), found, sentAtMs, atMs: performance.now()})
  }

  #lost(reason: string): void {
    if (this.#connected) this.#observer.disconnected()
    this.#connected = false
    this.#socket = null
    this.#found = []
    const text = `Expected an answer from ${formatAddress(this.#address)}, got ${reason}`
    for (const {settle} of this.#pending.splice(0)) {
      this.#observer.failed()
      settle(text)
    }
  }
}
