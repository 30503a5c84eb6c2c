import {connect, type Socket} from 'node:net'
import {type Address, formatAddress} from '../../protocol/address.js'
import {NodeUnreadableError} from '../errors.js'
import type {ItemConnectionOptions} from './item-connection.js'

/** Takes an answer out of what has come so far; null while it is not complete. */
export type TakeAnswer<T> = (received: Buffer) => {readonly answer: T; readonly bytes: number} | null

interface Question {
  readonly offer: () => void
  readonly reject: (error: unknown) => void
}

/** A connection on which one question at a time is asked, of whatever bytes, and answered likewise. */
export class RawConnection {
  readonly #address: Address
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #question: Question | undefined
  #failure: Error | undefined

  constructor(address: Address, {silenceMs = 10_000, signal}: ItemConnectionOptions = {}) {
    this.#address = address
    this.#socket = connect({host: address.host, port: address.port, noDelay: true})
    const onAbort = (): void => this.#fail('an interrupt', signal?.reason)
    signal?.addEventListener('abort', onAbort)
    if (signal?.aborted) onAbort()
    this.#socket.setTimeout(silenceMs, () => {
      if (this.#question !== undefined) this.#fail(`silence for ${silenceMs} ms`)
    })
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#question?.offer()
    })
    this.#socket.on('error', error => this.#fail((error as NodeJS.ErrnoException).code ?? error.message, error))
    this.#socket.on('close', () => {
      signal?.removeEventListener('abort', onAbort)
      this.#fail('a closed connection')
    })
  }

  /** @throws NodeUnreadableError when no answer comes */
  ask<T>(request: Buffer, take: TakeAnswer<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure)
    const {promise, resolve, reject} = Promise.withResolvers<T>()
    const offer = (): void => {
      const taken = take(this.#received)
      if (taken === null) return
      this.#received = this.#received.subarray(taken.bytes)
      this.#question = undefined
      resolve(taken.answer)
    }
    this.#question = {offer, reject}
    this.#socket.write(request)
    return promise
  }

  close(): void {
    this.#socket.destroy()
  }

  #fail(problem: string, cause?: unknown): void {
    this.#failure ??= new NodeUnreadableError(`Expected items from ${formatAddress(this.#address)}, got ${problem}`, {
      cause,
    })
    this.#socket.destroy()
    this.#question?.reject(this.#failure)
    this.#question = undefined
  }
}
