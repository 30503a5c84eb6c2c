import {ITEM_STEP} from './memory/item-columns.js'
import type {Store} from './store.js'

/** Items looked at in one turn of the event loop, so that clients are served in between. */
const ITEMS_PER_TURN = 5000

/** Slab classes, or all. */
export type CrawledClasses = ReadonlySet<number> | 'all'

/** memcached's LRU crawler: walks through all items and frees those that have expired or were flushed. */
export class LruCrawler {
  readonly #store: Store
  /** Walks begun by the `lru_crawler crawl` command. */
  starts = 0
  #running = false
  #sweptTo = ITEM_STEP
  #sweptEpoch = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** Whether a walk begun by crawl() goes on. */
  get running(): boolean {
    return this.#running
  }

  /** Begins a walk through some classes, over several turns of the event loop. */
  crawl(classes: CrawledClasses): 'started' | 'busy' | 'noItems' {
    if (this.#running) return 'busy'
    const {lru, classes: all} = this.#store
    if (!all.some(({id}) => (classes === 'all' || classes.has(id)) && lru.count(id) > 0)) return 'noItems'
    this.starts++
    this.#running = true
    this.#walk(ITEM_STEP, classes)
    return 'started'
  }

  /** Looks at up to `budget` items where the last sweep ended, or anew after a flush; true at the end of all items. */
  sweep(budget: number): boolean {
    const {epoch} = this.#store
    if (epoch !== this.#sweptEpoch) this.#sweptTo = ITEM_STEP
    this.#sweptEpoch = epoch
    const end = this.#reclaimDead(this.#sweptTo, {budget, classes: 'all'})
    this.#sweptTo = end === 0 ? ITEM_STEP : end
    return end === 0
  }

  #walk(from: number, classes: CrawledClasses): void {
    const next = this.#reclaimDead(from, {budget: ITEMS_PER_TURN, classes})
    this.#running = next !== 0
    if (next !== 0) setImmediate(() => this.#walk(next, classes))
  }

  /** Returns the item number to go on from; 0 at the end of all items. */
  #reclaimDead(from: number, {budget, classes}: {budget: number; classes: CrawledClasses}): number {
    const store = this.#store
    const {columns, itemCounters} = store
    const {itemsEnd} = store.slabs
    const end = Math.min(itemsEnd, from + budget * ITEM_STEP)
    for (let item = from; item < end; item += ITEM_STEP) {
      if (!store.isLinked(item)) continue
      const classId = columns.classIdOf(item)
      if (classes !== 'all' && !classes.has(classId)) continue
      itemCounters.crawlerItemsChecked[classId]!++
      if (!store.isDead(item)) continue
      itemCounters.crawlerReclaimed[classId]!++
      store.reclaim(item)
    }
    return end === itemsEnd ? 0 : end
  }
}
