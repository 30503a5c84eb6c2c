import {FREE, ITEM_STEP, LINKED} from './memory/item-columns.js'
import {GLOBAL_POOL} from './memory/page-pool.js'
import type {LeavingPage} from './memory/slab-allocator.js'
import type {Store} from './store.js'

/** Result of a request to move a page. */
export type PageMove = 'moved' | 'started' | 'busy' | 'badClass' | 'noSpare' | 'same'

/** As the class to take a page from: any that has one to spare. */
const ANY_CLASS = -1
/** Items moved or evicted in one turn of the event loop: others are served in between, and a peer can follow. */
const ITEMS_PER_TURN = 256
/** Until a client has sent the rest of a value that goes into the page, or a copy to the peer is over. */
const RETRY_MS = 50
/** Chunks that a class keeps free, in pages, before a page of it is spare (memcached 1.4.13's slab automover). */
const SPARE_FROM_PAGES = 2.5
/** Pages made spare in a second, so that a big flush does not hold up clients. */
const SPARED_PER_TICK = 4

/** Moves memory pages between slab classes: items of a page that leaves go into free chunks, or else the oldest of the class go. */
export class PageMover {
  readonly #store: Store
  readonly #mayMove: () => boolean
  #move: {readonly leaving: LeavingPage; readonly from: number; readonly to: number; at: number; busy: boolean} | null =
    null
  /** By the names of `stats` in memcached 1.6. */
  #busyStatus = 'none'
  readonly counters = {moved: 0, rescues: 0, busyItems: 0, busyNoMemory: 0}

  /** @param mayMove false while items have to keep their numbers */
  constructor({store, mayMove}: {store: Store; mayMove: () => boolean}) {
    this.#store = store
    this.#mayMove = mayMove
  }

  /** In memcached's words; `none` before anything was in the way. */
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

  /** To be called each second: pages that classes do not need become spare. */
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
