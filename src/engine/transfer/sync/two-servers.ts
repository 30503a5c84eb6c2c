import {ItemReader, type ReadItem} from '../items/item-reader.js'
import {ItemWriter} from '../items/item-writer.js'
import type {ServerFacts} from '../items/server-facts.js'
import type {ListedKey} from '../items/stored-item.js'
import type {ItemWrite, WriteOutcome} from '../items/write-requests.js'
import type {Side} from './decide.js'

export interface TwoServersOptions {
  readonly from: ServerFacts
  readonly to: ServerFacts
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
  /** Exptimes that the servers list, for those that do not tell them with the item; by the clock of each. */
  readonly exptimes: Readonly<Record<Side, ReadonlyMap<string, number | null>>>
}

/** Both servers of a sync, item by item. Exptimes are by our own clock here. */
export class TwoServers {
  readonly facts: Readonly<Record<Side, ServerFacts>>
  readonly #exptimes: TwoServersOptions['exptimes']
  readonly #readers: Readonly<Record<Side, ItemReader>>
  /** Reads cas uniques and exptimes without values, where the server can. */
  readonly #headReaders: Readonly<Record<Side, ItemReader>>
  readonly #writers: Readonly<Record<Side, ItemWriter>>

  constructor({from, to, timeoutMs, signal, exptimes}: TwoServersOptions) {
    this.facts = {from, to}
    this.#exptimes = exptimes
    const each = <T>(make: (facts: ServerFacts) => T): Record<Side, T> => ({from: make(from), to: make(to)})
    this.#readers = each(facts => new ItemReader({facts, timeoutMs, signal}))
    this.#headReaders = each(facts => new ItemReader({facts, values: false, timeoutMs, signal}))
    this.#writers = each(facts => new ItemWriter({facts, timeoutMs, signal}))
  }

  /** What the servers say of refusals without a name here; null of none. */
  get refusal(): string | null {
    return this.#writers.to.refusal ?? this.#writers.from.refusal
  }

  /** @param listedBy the side whose exptimes the keys have @throws AskError */
  async read(side: Side, keys: readonly ListedKey[], listedBy: Side | null): Promise<ReadItem[]> {
    const listed =
      listedBy === side ? keys : keys.map(({key}) => ({key, expiresAt: this.#exptimes[side].get(key) ?? null}))
    return (await this.#readers[side].read(listed)).map(item => this.#byOurClock(side, item))
  }

  /** The cas uniques that the items have now; null where there is no item. @throws AskError */
  async casOf(side: Side, keys: readonly string[]): Promise<(string | null)[]> {
    const items = await this.#headReaders[side].read(keys.map(key => ({key, expiresAt: null})))
    return items.map(item => (item === null || item === 'unreadable' ? null : item.cas))
  }

  /** @param writes with exptimes by our clock @throws AskError */
  write(side: Side, writes: readonly ItemWrite[]): Promise<WriteOutcome[]> {
    const {clockAheadSeconds} = this.facts[side]
    if (clockAheadSeconds === 0) return this.#writers[side].write(writes)
    return this.#writers[side].write(
      writes.map(write => {
        if (!('item' in write) || write.item.expiresAt === 0) return write
        return {...write, item: {...write.item, expiresAt: write.item.expiresAt + clockAheadSeconds}}
      }),
    )
  }

  close(): void {
    for (const side of ['from', 'to'] as const) {
      for (const connection of [this.#readers[side], this.#headReaders[side], this.#writers[side]]) connection.close()
    }
  }

  #byOurClock(side: Side, item: ReadItem): ReadItem {
    const {clockAheadSeconds} = this.facts[side]
    if (clockAheadSeconds === 0 || item === null || item === 'unreadable' || !item.expiresAt) return item
    return {...item, expiresAt: item.expiresAt - clockAheadSeconds}
  }
}
