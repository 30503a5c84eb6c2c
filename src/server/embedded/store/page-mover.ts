import {FREE, ITEM_STEP, LINKED} from './memory/item-columns.js'
import {GLOBAL_POOL} from './memory/page-pool.js'
import type {LeavingPage} from './memory/slab-allocator.js'
import type {Store} from './store.js'

/** Result of a request to move a page. */
export type PageMove = 'moved' | 'started' | 'busy' | 'badClass' | 'noSpare' | 'same'

/** As the source class: any class that can spare a page. */
const ANY_CLASS = -1
/** Items moved or evicted in one turn of the event loop: clients are served in between, and the peer keeps up. */
const ITEMS_PER_TURN = 256
/** Wait while a client sends a value into the page, or the peer is sent a full sync. */
const RETRY_MS = 50
/** A class can spare a page when so many pages' worth of its chunks are free (memcached 1.4.13's slab automover). */
const SPARE_FROM_PAGES = 2.5
/** Most pages made spare in a second, so that a large flush does not hold up clients. */
const SPARED_PER_TICK = 4

/**
 * Moves memory pages between slab classes. The page's items move into free
 * chunks of their class; where there is none, the oldest items of the class are evicted.
 */
export class PageMover {
  readonly #store: Store
  readonly #mayMove: () => boolean
  #move: {readonly leaving: LeavingPage; readonly from: number; readonly to: number; at: number; busy: boolean} | null =
    null
  /** By the names of `stats` in memcached 1.6. */
  #busyStatus = 'none'
  readonly counters = {moved: 0, rescues: 0, busyItems: 0, busyNoMemory: 0}

  /** @param options `mayMove`: false while items must keep their numbers */
  constructor({store, mayMove}: {store: Store; mayMove: () => boolean}) {
    this.#store = store
    this.#mayMove = mayMove
  }

  /** What last held up a move, in memcached's words; `none` when nothing has. */
  get busyStatus(): string {
    return this.#busyStatus
  }

  get running(): boolean {
    return this.#move !== null
  }

  /** Moves a page from one class to another; {@link GLOBAL_POOL} stands for no class. */
  reassign(from: number, to: number): PageMove {
    if (this.running) return 'busy'
    if (from === to) return 'same'
    const source = from === ANY_CLASS ? this.#pickSource(to) : from
    if (!this.#isClass(source) || !this.#isClass(to)) return 'badClass'
    const {slabs} = this.#store
    if (source === GLOBAL_POOL) {
      if (!slabs.settleSpare(to)) return 'noSpare'
      this.counters.moved++
      return 'moved'
    }
    if (slabs.use(source).pages.length < 2) return 'noSpare'
    const leaving = slabs.withdraw(source)
    this.#move = {leaving, from: source, to, at: leaving.first, busy: false}
    this.#proceed()
    return this.running ? 'started' : 'moved'
  }

  /** Call each second: makes pages spare that their classes do not need. */
  tick(): void {
    const store = this.#store
    for (let left = SPARED_PER_TICK; left > 0 && !this.running; left--) {
      const spare = store.classes.find(({id, chunksPerPage}) => {
        const {pages} = store.slabs.use(id)
        return pages.length > 1 && store.slabs.freeChunks(id) >= SPARE_FROM_PAGES * chunksPerPage
      })
      if (spare === undefined) return
      this.reassign(spare.id, GLOBAL_POOL)
    }
  }

  #isClass(id: number): boolean {
    return id >= GLOBAL_POOL && id <= this.#store.classes.length
  }

  #pickSource(except: number): number {
    const found = this.#store.classes.find(({id}) => id !== except && this.#store.slabs.use(id).pages.length > 1)
    return found?.id ?? ANY_CLASS
  }

  #proceed(): void {
    const move = this.#move
    if (move === null) return
    if (!this.#mayMove()) {
      this.#later(RETRY_MS)
      return
    }
    const {columns} = this.#store
    const {leaving} = move
    for (let left = ITEMS_PER_TURN; left > 0 && move.at < leaving.end; left--) {
      const item = move.at
      move.at += ITEM_STEP
      const state = columns.state[item]!
      if ((state & LINKED) !== 0) this.#vacate(item, move.from)
      else if ((state & FREE) === 0) move.busy = true
    }
    if (move.at < leaving.end) {
      this.#later(0)
    } else if (move.busy) {
      this.counters.busyItems++
      this.#busyStatus = 'busy_uploading'
      move.at = leaving.first
      move.busy = false
      this.#later(RETRY_MS)
    } else {
      this.#move = null
      this.#store.slabs.settle(leaving.page, move.to)
      this.counters.moved++
    }
  }

  #later(ms: number): void {
    if (ms === 0) setImmediate(() => this.#proceed())
    else setTimeout(() => this.#proceed(), ms).unref()
  }

  #vacate(item: number, classId: number): void {
    const store = this.#store
    if (store.isDead(item)) {
      store.unlink(item)
      return
    }
    let chunk = store.slabs.takeFree(classId)
    while (chunk === 0) {
      this.counters.busyNoMemory++
      this.#busyStatus = 'busy_nomem'
      const oldest = store.lru.oldest(classId)
      store.evict(oldest)
      if (oldest === item) return
      chunk = store.slabs.takeFree(classId)
    }
    store.moveItem(item, chunk)
    this.counters.rescues++
  }
}
