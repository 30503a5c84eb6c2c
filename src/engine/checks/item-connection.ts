import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import type {ReplyKind} from '../../protocol/reply-kind.js'
import {type ReplyHandler, ReplyParser} from '../../protocol/reply-parser.js'
import {NodeUnreadableError} from '../errors.js'
import type {RequestCount} from '../requests.js'

/** What a node holds under a key. */
export interface Item {
  /** 0 to 2^32 − 1. */
  readonly flags: number
  readonly value: Buffer
}

interface Job {
  /** A line of the reply, without its end. */
  readonly onLine: (line: string) => void
  readonly onData?: (piece: Buffer, last: boolean) => void
  readonly resolve: (end: {kind: ReplyKind; lastLine: string}) => void
  readonly reject: (error: unknown) => void
}

export interface ItemConnectionOptions {
  /** A node that is silent for so long, in ms, while a reply is due has failed. @default 10_000 */
  readonly silenceMs?: number
  readonly signal?: AbortSignal | undefined
  /** What is asked of the node is added. */
  readonly requests?: RequestCount | undefined
}

/** Reads many items from one node; several reads may be under way, their replies come in order. */
export class ItemConnection {
  readonly #address: Address
  readonly #socket: Socket
  readonly #parser: ReplyParser
  readonly #jobs: Job[] = []
  readonly #requests: RequestCount | undefined
  #failure: Error | undefined

  constructor(address: Address, {silenceMs = 10_000, signal, requests}: ItemConnectionOptions = {}) {
    this.#address = address
    this.#requests = requests
    this.#parser = new ReplyParser(this.#handler())
    this.#socket = connect({host: address.host, port: address.port, noDelay: true})
    const onAbort = (): void => this.#fail('an interrupt', signal?.reason)
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    this.#socket.setTimeout(silenceMs, () => {
      if (this.#jobs.length > 0) this.#fail(`silence for ${silenceMs} ms`)
    })
    if (requests !== undefined) this.#socket.on('connect', () => requests.connections++)
    this.#socket.on('data', (chunk: Buffer) => this.#parser.push(chunk))
    this.#socket.on('error', error => this.#fail(describe(error), error))
    this.#socket.on('close', () => {
      // Not left to the socket's own option `signal`, which keeps every socket for as long as the signal lives.
      signal?.removeEventListener('abort', onAbort)
      this.#fail('a closed connection')
    })
  }

  /**
   * Reads items, in the order of the keys; null where there is none.
   * @throws NodeUnreadableError when the node does not answer, or not with items
   */
  async read(keys: readonly string[]): Promise<(Item | null)[]> {
    const items: (Item | null)[] = keys.map(() => null)
    let at = 0
    let flags = 0
    let pieces: Buffer[] = []
    if (this.#requests !== undefined) this.#requests.gets += keys.length
    const {kind, lastLine} = await this.#ask(`get ${keys.join(' ')}`, {
      onLine: line => {
        if (!line.startsWith('VALUE ')) return
        const keyEnd = line.indexOf(' ', 6)
        // Items come in the order of the keys; those that are missing are left out.
        while (at < keys.length && !isKeyOf(line, keyEnd, keys[at]!)) at++
        flags = Number.parseInt(line.slice(keyEnd + 1), 10)
        pieces = []
      },
      onData: (piece, last) => {
        pieces.push(piece)
        if (last && at < keys.length)
          items[at++] = {flags, value: pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces)}
      },
    })
    if (kind !== 'end') throw this.#unreadable(`'${lastLine}'`)
    return items
  }

  /** Asks a command whose reply is lines. @returns the line that ended it */
  async lines(command: string, onLine: (line: string) => void): Promise<string> {
    return (await this.#ask(command, {onLine})).lastLine
  }

  close(): void {
    this.#socket.destroy()
  }

  #ask(command: string, handlers: Pick<Job, 'onLine' | 'onData'>): Promise<{kind: ReplyKind; lastLine: string}> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const {promise, resolve, reject} = Promise.withResolvers<{kind: ReplyKind; lastLine: string}>()
    this.#jobs.push({...handlers, resolve, reject})
    this.#socket.write(`${command}\r\n`, 'latin1')
    return promise
  }

  #handler(): ReplyHandler {
    return {
      onLine: line => this.#jobs[0]?.onLine(Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1')),
      // A copy: the bytes are valid during this call only.
      onData: (bytes, start, end, last) => this.#jobs[0]?.onData?.(Buffer.from(bytes.subarray(start, end)), last),
      onReply: kind => this.#jobs.shift()?.resolve({kind, lastLine: this.#parser.lastLine()}),
    }
  }

  #fail(problem: string, cause?: unknown): void {
    this.#failure ??= this.#unreadable(problem, cause)
    this.#socket.destroy()
    for (const job of this.#jobs.splice(0)) job.reject(this.#failure)
  }

  #unreadable(problem: string, cause?: unknown): NodeUnreadableError {
    return new NodeUnreadableError(`Expected items from ${formatAddress(this.#address)}, got ${problem}`, {cause})
  }
}

/** Whether `VALUE <key> …` is about the key. */
function isKeyOf(line: string, keyEnd: number, key: string): boolean {
  return keyEnd - 6 === key.length && line.startsWith(key, 6)
}

function describe(error: NodeJS.ErrnoException): string {
  return error.code === 'ECONNREFUSED' ? 'a refused connection: nothing listens there' : (error.code ?? error.message)
}
