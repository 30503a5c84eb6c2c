import {ITEM_STEP} from './memory/item-columns.js'
import type {Store} from './store.js'

/** Items looked at in one turn of the event loop, so that others are served in between. */
const ITEMS_PER_TURN = 5000

/** memcached's LRU crawler: a walk through all items that frees those that are over. */
export class LruCrawler {
  readonly #store: Store
  /** Walks begun, by request or not. */
  starts = 0
  #running = false

  constructor(store: Store) {
    this.#store = store
  }

  get running(): boolean {
    return this.#running
  }

  /** Begins a walk through some classes. */
  crawl(classes: ReadonlySet<number> | 'all'): 'started' | 'busy' | 'noItems' {
    if (this.#running) return 'busy'
    const {lru, classes: all} = this.#store
    if (!all.some(({id}) => (classes === 'all' || classes.has(id)) && lru.count(id) > 0)) return 'noItems'
    this.starts++
    this.#running = true
    this.#walk(ITEM_STEP, classes)
    return 'started'
  }

  #walk(from: number, classes: ReadonlySet<number> | 'all'): void {
    const next = this.#store.crawl(from, {budget: ITEMS_PER_TURN, classes})
    this.#running = next !== 0
    if (next !== 0) setImmediate(() => this.#walk(next, classes))
  }
}
