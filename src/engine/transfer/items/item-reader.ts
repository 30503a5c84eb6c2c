import {BinaryGetReader, binaryGetRequest} from './binary-items.js'
import {canBeNamedInText} from './key-names.js'
import {PipelinedConnection} from './pipelined-connection.js'
import {GetsReader, getsRequest, MetaGetReader, metaGetRequest, type ReadValue} from './read-replies.js'
import type {ServerFacts} from './server-facts.js'
import type {ListedKey, StoredItem} from './stored-item.js'

/** `unreadable`: no protocol of the server can name the key. */
export type ReadItem = StoredItem | null | 'unreadable'

export interface ItemReaderOptions {
  readonly facts: ServerFacts
  /** Whether values are wanted; without them they are empty where the server can leave them out. @default true */
  readonly values?: boolean
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** A time to live and a listed exptime that are so far apart belong to different writes. */
const EXPTIME_TOLERANCE_SECONDS = 2

/** Reads items with their flags, exptimes and cas uniques; each in one consistent read. Reads may overlap. */
export class ItemReader {
  readonly #facts: ServerFacts
  readonly #values: boolean
  readonly #connection: PipelinedConnection
  readonly #options: ItemReaderOptions
  #binary: PipelinedConnection | null = null

  constructor(options: ItemReaderOptions) {
    this.#options = options
    this.#facts = options.facts
    this.#values = options.values ?? true
    this.#connection = this.#connect()
  }

  /** In the order of the keys; null where there is no item. @throws AskError */
  async read(keys: readonly ListedKey[]): Promise<ReadItem[]> {
    if (keys.length === 0) return []
    const text = keys.filter(({key}) => canBeNamedInText(key, this.#facts))
    if (text.length === keys.length) return this.#itemsOf(keys, await this.#readText(text))
    return await this.#readMixed(keys, text)
  }

  close(): void {
    this.#connection.close()
    this.#binary?.close()
  }

  async #readMixed(keys: readonly ListedKey[], text: readonly ListedKey[]): Promise<ReadItem[]> {
    const odd = keys.filter(({key}) => !canBeNamedInText(key, this.#facts))
    const [textItems, oddItems] = await Promise.all([
      text.length === 0 ? [] : this.#readText(text).then(values => this.#itemsOf(text, values)),
      this.#readOdd(odd),
    ])
    let nextText = 0
    let nextOdd = 0
    return keys.map(({key}) => (canBeNamedInText(key, this.#facts) ? textItems[nextText++]! : oddItems[nextOdd++]!))
  }

  async #readText(listed: readonly ListedKey[]): Promise<readonly (ReadValue | null)[]> {
    const keys = listed.map(({key}) => key)
    if (!this.#facts.hasMeta) return (await this.#connection.ask(getsRequest(keys), new GetsReader(keys))).values
    const request = metaGetRequest(keys, {values: this.#values})
    return (await this.#connection.ask(request, new MetaGetReader(keys.length))).values
  }

  async #readOdd(listed: readonly ListedKey[]): Promise<ReadItem[]> {
    if (!this.#facts.hasBinary) return listed.map(() => 'unreadable')
    this.#binary ??= this.#connect()
    const keys = listed.map(({key}) => key)
    const {values} = await this.#binary.ask(binaryGetRequest(keys), new BinaryGetReader(keys.length))
    return this.#itemsOf(listed, values)
  }

  #itemsOf(listed: readonly ListedKey[], values: readonly (ReadValue | null)[]): (StoredItem | null)[] {
    const nowSeconds = Math.floor(Date.now() / 1000) + this.#facts.clockAheadSeconds
    return listed.map(({key, expiresAt}, place) => {
      const read = values[place] ?? null
      if (read === null) return null
      const {flags, ttlSeconds, cas, value} = read
      return {key, flags, expiresAt: expiryOf(ttlSeconds, expiresAt, nowSeconds), cas, value}
    })
  }

  #connect(): PipelinedConnection {
    const {facts, timeoutMs, signal} = this.#options
    return new PipelinedConnection({address: facts.address, expected: 'items', timeoutMs, signal})
  }
}

/**
 * When an item expires. A time to live is cut to whole seconds at both ends, so the listed exptime is the exact one,
 * unless the item was written with another since.
 */
function expiryOf(ttlSeconds: number | null, listed: number | null, nowSeconds: number): number | null {
  if (ttlSeconds === null) return listed
  if (ttlSeconds < 0) return 0
  const about = nowSeconds + ttlSeconds
  return listed !== null && Math.abs(listed - about) <= EXPTIME_TOLERANCE_SECONDS ? listed : about
}
