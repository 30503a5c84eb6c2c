import {ItemReader, type ReadItem} from './items/item-reader.js'
import type {ServerFacts} from './items/server-facts.js'
import type {ListedKey, StoredItem} from './items/stored-item.js'
import type {BatchLimits} from './keys/key-spool.js'
import {type ListedKeys, type ListOptions, listServerKeys} from './keys/list-server-keys.js'
import type {ItemSource, NotSeen} from './pump.js'

/** Small enough for constant memory, large enough that the server's work dominates. */
export const batchLimits: BatchLimits = {keysMax: 200, bytesMax: 1024 * 1024}
/** Batches under way on one connection. */
export const BATCHES_AHEAD = 4
/** Of more keys, those whose exptime changed while they were read are not looked for: their list takes memory. */
export const RELISTED_MAX = 500_000

export interface ServerSourceOptions extends ListOptions {
  readonly facts: ServerFacts
  readonly keys: ListedKeys
}

/** All items of a server, each read once and whole; the keys were listed before. */
export class ServerSource implements ItemSource {
  readonly #options: ServerSourceOptions
  #unreadable = 0
  #gone = 0
  #exptimeUnknown = 0

  constructor(options: ServerSourceOptions) {
    this.#options = options
  }

  async *batches(): AsyncGenerator<readonly StoredItem[], NotSeen> {
    const {facts, keys, timeoutMs, signal} = this.#options
    const reader = new ItemReader({facts, timeoutMs, signal})
    try {
      yield* this.#read(reader, keys.spool.batches(batchLimits))
      const changed = await this.#changedExptimes()
      for (let at = 0; at < changed.length; at += batchLimits.keysMax) {
        yield* this.#read(reader, [changed.slice(at, at + batchLimits.keysMax)])
      }
    } finally {
      reader.close()
    }
    return {
      hidden: keys.hidden,
      unreadable: this.#unreadable,
      gone: this.#gone,
      exptimeUnknown: this.#exptimeUnknown,
      damage: null,
    }
  }

  async *#read(reader: ItemReader, batches: Iterable<readonly ListedKey[]>): AsyncGenerator<readonly StoredItem[]> {
    const underWay: Promise<ReadItem[]>[] = []
    for (const batch of batches) {
      const reading = reader.read(batch)
      // Told when its turn comes.
      reading.catch(() => {})
      underWay.push(reading)
      if (underWay.length >= BATCHES_AHEAD) yield this.#found(await underWay.shift()!)
    }
    for (const reading of underWay) yield this.#found(await reading)
  }

  #found(items: readonly ReadItem[]): StoredItem[] {
    const found: StoredItem[] = []
    for (const item of items) {
      if (item === null) this.#gone++
      else if (item === 'unreadable') this.#unreadable++
      else {
        if (item.expiresAt === null) this.#exptimeUnknown++
        found.push(item)
      }
    }
    return found
  }

  /**
   * Without meta commands an item's exptime comes from the list, which is older than the item. So the list is taken
   * again: what has another exptime now was written meanwhile, and is read again.
   */
  async #changedExptimes(): Promise<ListedKey[]> {
    const {facts, keys} = this.#options
    const isListed = keys.way === 'metadump' || keys.way === 'cachedump'
    if (facts.hasMeta || !isListed || keys.spool.count > RELISTED_MAX) return []
    const before = new Map<string, number | null>()
    for (const batch of keys.spool.batches(batchLimits))
      for (const {key, expiresAt} of batch) before.set(key, expiresAt)
    const again = await listServerKeys(facts, this.#options)
    const changed: ListedKey[] = []
    try {
      for (const batch of again.spool.batches(batchLimits)) {
        for (const listed of batch) {
          const then = before.get(listed.key)
          if (then !== undefined && then !== listed.expiresAt) changed.push(listed)
        }
      }
    } finally {
      again.spool.close()
    }
    return changed
  }
}
