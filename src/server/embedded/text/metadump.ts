import type {NodeContext} from '../node/node-context.js'
import type {ReplyWriter} from '../replies/reply-writer.js'
import {casText, encodedKeyOf} from '../store/item-text.js'
import {FETCHED, ITEM_STEP} from '../store/memory/item-columns.js'

/** Items visited in one turn of the event loop, so that other clients are served in between. */
const ITEMS_PER_TURN = 1000

/** A reply that is written over many turns of the event loop. */
export interface LongAnswer {
  /** Writes the next part; true when it was the last one. */
  writeNext(): boolean
}

/** Slab classes, or all. */
export type DumpedClasses = ReadonlySet<number> | 'all'

/** The classes in `lru_crawler metadump all|hash|<class>,<class>…`; null when one does not exist. */
export function readDumpedClasses(text: string, classes: number): DumpedClasses | null {
  if (text === 'all' || text === 'hash') return 'all'
  const ids = text.split(',').map(id => (/^\d+$/.test(id) ? Number(id) : 0))
  return ids.every(id => id >= 1 && id <= classes) ? new Set(ids) : null
}

/** memcached 1.5's list of all keys, in memory order. Not a snapshot: each item is listed as it is when its turn comes. */
export class Metadump implements LongAnswer {
  readonly #context: NodeContext
  readonly #writer: ReplyWriter
  readonly #classes: DumpedClasses
  #next = ITEM_STEP

  constructor(context: NodeContext, writer: ReplyWriter, classes: DumpedClasses) {
    this.#context = context
    this.#writer = writer
    this.#classes = classes
  }

  writeNext(): boolean {
    const {store} = this.#context
    const end = Math.min(store.slabs.itemsEnd, this.#next + ITEMS_PER_TURN * ITEM_STEP)
    for (; this.#next < end; this.#next += ITEM_STEP) {
      if (store.isLinked(this.#next) && !store.isDead(this.#next)) this.#writeItem(this.#next)
    }
    if (end < store.slabs.itemsEnd) return false
    this.#writer.text('END\r\n')
    return true
  }

  #writeItem(item: number): void {
    const {store, settings} = this.#context
    const {columns} = store
    const classId = columns.classIdOf(item)
    if (this.#classes !== 'all' && !this.#classes.has(classId)) return
    const key = encodedKeyOf(store, item)
    const exptime = columns.exptime[item] || -1
    const cas = settings.useCas ? casText(store, item) : '0'
    const fetched = (columns.state[item]! & FETCHED) === 0 ? 'no' : 'yes'
    const bytes = store.chargedBytesOf(item)
    this.#writer.text(
      `key=${key} exp=${exptime} la=${columns.usedAt[item]} cas=${cas} fetch=${fetched} cls=${classId} size=${bytes}\n`,
    )
  }
}
