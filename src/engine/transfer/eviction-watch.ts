import {AskConnection} from '../../ask/ask-connection.js'
import {askText} from '../../ask/text-reply.js'
import {type Address, formatAddress} from '../../protocol/address.js'
import {RepbenchError} from '../../protocol/errors.js'
import {numberOf, parseStats} from '../../protocol/text/stats-reply.js'

const EVERY_MS = 250

export interface EvictionWatchOptions {
  readonly address: Address
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Watches whether a server drops items to make room for what is written to it. */
export class EvictionWatch {
  readonly #options: EvictionWatchOptions
  readonly #connection: AskConnection
  #before: number | null = null
  #evicted = 0
  #askedAtMs = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | null = null

  constructor(options: EvictionWatchOptions) {
    this.#options = options
    const {address, timeoutMs, signal} = options
    this.#connection = new AskConnection({address, signal, limits: {timeoutMs}, expected: 'stats'})
  }

  /** Items that the server has evicted since the start. */
  get evicted(): number {
    return this.#evicted
  }

  /** Takes the count before the first write. @throws AskError */
  async start(): Promise<void> {
    this.#before = await this.#count()
  }

  /** Asks now and then. @throws EvictionsError when something was evicted */
  async check(): Promise<void> {
    if (performance.now() - this.#askedAtMs >= EVERY_MS) await this.look()
    if (this.#evicted > 0) throw new EvictionsError(this.#options.address, this.#evicted)
  }

  /** Asks now. @throws AskError */
  async look(): Promise<void> {
    this.#askedAtMs = performance.now()
    this.#asking ??= this.#count().then(count => {
      this.#asking = null
      this.#evicted = Math.max(0, (count ?? 0) - (this.#before ?? 0))
    })
    await this.#asking
  }

  close(): void {
    this.#connection.close()
  }

  async #count(): Promise<number | null> {
    const stats = parseStats((await askText(this.#connection, 'stats')).lines)
    return stats === null ? null : numberOf(stats, 'evictions')
  }
}

/** A server that has no room for what is written to it. */
export class EvictionsError extends RepbenchError {
  constructor(address: Address, evicted: number) {
    super(
      'ERR_EVICTIONS',
      `Expected room for all items on ${formatAddress(address)}, got ${evicted.toLocaleString('en')} evicted: ` +
        'what is written pushes out what is there (--despite-evictions goes on)',
    )
  }
}
