import {Exchange} from '../../ask/exchange.js'
import type {OwnTraffic} from '../../ask/own-traffic.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {fromPrintable} from '../../protocol/printable.js'

/** What a node holds under a key. */
interface Held {
  readonly flags: number
  readonly bytes: number
  /** The reply to `get`, as latin1: two nodes that hold the same answer the same. */
  readonly reply: string
}

/** Null when the key is not there; `silent` when the node could not be asked. */
export type Found = Held | null | 'silent'

interface KeyReaderOptions {
  /** @default 1000 */
  readonly timeoutMs?: number
  /** The counter of our own traffic to a node. @default none */
  readonly trafficAt?: (address: Address) => OwnTraffic | undefined
}

/** Reads keys on connections of its own, one for each node, so that no session shows it. */
export class KeyReader {
  readonly #open = new Map<string, Promise<Exchange>>()
  readonly #timeoutMs: number
  readonly #trafficAt: (address: Address) => OwnTraffic | undefined

  constructor({timeoutMs = 1000, trafficAt = () => undefined}: KeyReaderOptions = {}) {
    this.#timeoutMs = timeoutMs
    this.#trafficAt = trafficAt
  }

  /** @param key as toPrintable() shows it */
  async read(address: Address, key: string): Promise<Found> {
    const where = formatAddress(address)
    try {
      const exchange = await this.#connection(address, where)
      const request = `get ${fromPrintable(key).toString('latin1')}\r\n`
      return heldOf(await exchange.ask(request, {timeoutMs: this.#timeoutMs}))
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

  #connection(address: Address, where: string): Promise<Exchange> {
    const before = this.#open.get(where)
    if (before !== undefined) return before
    const traffic = this.#trafficAt(address)
    const opening = Exchange.connect(address, {
      timeoutMs: this.#timeoutMs,
      traffic: traffic === undefined ? undefined : [traffic],
    })
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
