import {type Address, formatAddress} from '../../protocol/address.js'
import {fromPrintable} from '../../protocol/printable.js'
import {Exchange} from '../verify/exchange.js'

/** What a node holds under a key. */
interface Held {
  readonly flags: number
  readonly bytes: number
  /** The reply to `get`, as latin1: two nodes that hold the same answer the same. */
  readonly reply: string
}

/** null: the key is not there; silent: the node could not be asked. */
export type Found = Held | null | 'silent'

/** Told of each `get`, so that it can be taken out of the node's figures. */
export interface ReadObserver {
  asked(address: Address, requestBytes: number): void
  answered(address: Address, reply: {readonly hit: boolean; readonly bytes: number}): void
  /** There will be no answer. */
  failed(address: Address): void
}

const nobody: ReadObserver = {asked() {}, answered() {}, failed() {}}

interface KeyReaderOptions {
  /** @default 1000 */
  readonly timeoutMs?: number
  readonly observer?: ReadObserver
}

/** Reads keys on connections of its own, one for each node, so that no session shows it. */
export class KeyReader {
  readonly #open = new Map<string, Promise<Exchange>>()
  readonly #timeoutMs: number
  readonly #observer: ReadObserver

  constructor({timeoutMs = 1000, observer = nobody}: KeyReaderOptions = {}) {
    this.#timeoutMs = timeoutMs
    this.#observer = observer
  }

  /** @param key as toPrintable() shows it */
  async read(address: Address, key: string): Promise<Found> {
    const where = formatAddress(address)
    try {
      const exchange = await this.#connection(address, where)
      const request = `get ${fromPrintable(key).toString('latin1')}\r\n`
      return await this.#ask(address, exchange, request)
    } catch {
      this.#forget(where)
      return 'silent'
    }
  }

  /** Connects, so that the first read takes no longer than the others. */
  async prepare(address: Address): Promise<void> {
    const where = formatAddress(address)
    await this.#connection(address, where).catch(() => this.#forget(where))
  }

  close(): void {
    for (const where of [...this.#open.keys()]) this.#forget(where)
  }

  async #ask(address: Address, exchange: Exchange, request: string): Promise<Found> {
    this.#observer.asked(address, request.length)
    try {
      const reply = await exchange.ask(request, {timeoutMs: this.#timeoutMs})
      const held = heldOf(reply)
      this.#observer.answered(address, {hit: held !== null, bytes: reply.length})
      return held
    } catch (error) {
      this.#observer.failed(address)
      throw error
    }
  }

  #connection(address: Address, where: string): Promise<Exchange> {
    const before = this.#open.get(where)
    if (before !== undefined) return before
    const opening = Exchange.connect(address, {timeoutMs: this.#timeoutMs})
    this.#open.set(where, opening)
    return opening
  }

  #forget(where: string): void {
    this.#open.get(where)?.then(
      exchange => exchange.close(),
      () => {},
    )
    this.#open.delete(where)
  }
}

function heldOf(reply: string): Held | null {
  const [, flags, bytes] = /^VALUE \S+ (\d+) (\d+)/.exec(reply) ?? []
  return flags === undefined || bytes === undefined ? null : {flags: Number(flags), bytes: Number(bytes), reply}
}
