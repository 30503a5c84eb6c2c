import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import {ReplyParser} from '../../protocol/reply-parser.js'
import {formatKey} from '../key-text.js'
import {FaultNotInjectedError} from './drill.js'

/** Sets of numbered keys, all sent at once on one connection: their acknowledgements come in the order of the numbers. */
export class PipelinedSets {
  /** Acknowledged so far. */
  count = 0
  /** The connection is over. */
  readonly ended: Promise<void>
  readonly #socket: Socket
  readonly #waiting: {readonly count: number; readonly resolve: () => void; readonly reject: (error: Error) => void}[] =
    []

  constructor(
    target: Address,
    {prefix, count, bytes, signal}: {prefix: string; count: number; bytes: number; signal: AbortSignal},
  ) {
    const parser = new ReplyParser({
      onReply: kind => {
        if (kind !== 'stored') return
        this.count++
        for (const one of this.#waiting) if (one.count === this.count) one.resolve()
      },
    })
    const socket = connect({host: target.host, port: target.port, noDelay: true, signal})
    this.#socket = socket
    const {promise, resolve} = Promise.withResolvers<void>()
    this.ended = promise
    socket.on('data', (chunk: Buffer) => parser.push(chunk))
    // The close that follows says the same.
    socket.on('error', () => {})
    socket.on('close', () => {
      const reason = signal.aborted ? 'an interrupt' : `the end of the connection after ${this.count}`
      const error = new FaultNotInjectedError(`Expected acknowledged sets from ${formatAddress(target)}, got ${reason}`)
      for (const one of this.#waiting) one.reject(error)
      resolve()
    })
    const value = 'x'.repeat(bytes)
    const sets = Array.from(
      {length: count},
      (_, index) => `set ${formatKey(prefix, index + 1)} 0 0 ${bytes}\r\n${value}\r\n`,
    )
    socket.write(sets.join(''))
  }

  /** @throws FaultNotInjectedError when the connection ends before that many were */
  acknowledged(count: number): Promise<void> {
    const {promise, resolve, reject} = Promise.withResolvers<void>()
    this.#waiting.push({count, resolve, reject})
    return promise
  }

  close(): void {
    this.#socket.destroy()
  }
}
