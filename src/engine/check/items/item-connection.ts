import {AskConnection} from '../../../ask/ask-connection.js'
import {AskError} from '../../../ask/ask-error.js'
import {type AskLimitOptions, bulkLimits} from '../../../ask/ask-limits.js'
import type {Answer, Question, ReplyReader} from '../../../ask/question.js'
import {inQuotes} from '../../../ask/quote.js'
import type {Address} from '../../../protocol/address.js'
import type {RequestCount} from '../../measure/request-counts.js'
import {type Item, ItemReply} from './item-reply.js'

export interface ItemConnectionOptions {
  /** Of one reply; a long one has more. @default 10_000 */
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Counts what is asked of the node. */
  readonly requests?: RequestCount | undefined
}

const KEYS_MAX = 200
/** Memory for the values of one reply; several replies may be under way on each of two nodes. */
const KEPT_MAX_BYTES = 12 * 1024 * 1024

/** Reads many items from one node. Several reads may be under way; their replies come in order. */
export class ItemConnection {
  readonly #connection: AskConnection
  readonly #requests: RequestCount | undefined
  /** Fewer where values are large. */
  #keysAtOnce = KEYS_MAX

  constructor(address: Address, {timeoutMs, signal, requests}: ItemConnectionOptions = {}) {
    this.#requests = requests
    this.#connection = new AskConnection({
      address,
      signal,
      expected: 'items',
      limits: {timeoutMs, bytesPerSecondMin: bulkLimits.bytesPerSecondMin},
      onConnect: () => {
        if (requests !== undefined) requests.connections++
      },
    })
  }

  get address(): Address {
    return this.#connection.address
  }

  /**
   * Reads items, in the order of the keys; null where there is none.
   * @throws AskError when the node does not answer, or not with items
   */
  async read(keys: readonly string[]): Promise<(Item | null)[]> {
    const items: (Item | null)[] = keys.map(() => null)
    let places = keys.map((_, place) => place)
    while (places.length > 0) {
      const asked = places.slice(0, this.#keysAtOnce)
      const reply = new ItemReply({
        keys: asked.map(place => keys[place]!),
        keptMaxBytes: KEPT_MAX_BYTES,
        refuse: got => this.#connection.refuse(got),
      })
      await this.#readReply(reply)
      for (const [index, item] of reply.items.entries()) items[asked[index]!] = item
      this.#adapt(asked.length, reply)
      places = [...reply.passedOver.map(index => asked[index]!), ...places.slice(asked.length)]
    }
    return items
  }

  /**
   * Asks a command whose reply is lines; the limits bound how many.
   * @returns the last line
   * @throws AskError
   */
  lines(command: string, onLine: (line: string) => void, limits: AskLimitOptions = {}): Promise<string> {
    const {promise, resolve, reject} = Promise.withResolvers<string>()
    const reader: ReplyReader = {
      onLine: line => onLine(Buffer.from(line.buffer, line.byteOffset, line.length).toString('latin1')),
    }
    const question = (request: string): Question => ({
      request,
      limits,
      reader,
      settle: outcome => {
        if (outcome instanceof AskError) reject(outcome)
        // memcached 1.6.45 says so before it lists: the list is what comes next, without a further command.
        else if (outcome.lastLine === 'OK' && request !== '') this.#connection.send(question(''))
        else resolve(outcome.lastLine)
      },
    })
    this.#connection.send(question(`${command}\r\n`))
    return promise
  }

  close(): void {
    this.#connection.close()
  }

  async #readReply(reply: ItemReply): Promise<Answer> {
    const {keys} = reply
    if (this.#requests !== undefined) this.#requests.gets += keys.length
    const answer = await this.#connection.ask(`get ${keys.join(' ')}\r\n`, {
      reader: reply,
      // Each key comes once, no value is larger than it may be, and of all of them only so much is kept.
      limits: {maxBytes: Number.POSITIVE_INFINITY, maxLines: keys.length + 1},
    })
    if (answer.kind === 'end') return answer
    const {address} = this.#connection
    throw new AskError({code: 'ERR_ASK_REPLY', address, expected: 'items', got: inQuotes(answer.lastLine)})
  }

  #adapt(asked: number, {passedOver, keptBytes}: ItemReply): void {
    if (passedOver.length > 0) this.#keysAtOnce = Math.max(1, asked - passedOver.length)
    else if (keptBytes < KEPT_MAX_BYTES / 4) this.#keysAtOnce = Math.min(KEYS_MAX, this.#keysAtOnce * 2)
  }
}
