import {FREE, ITEM_STEP, type ItemColumns} from './item-columns.js'
import type {PageArenas} from './page-arenas.js'
import {GLOBAL_POOL, PagePool, type SlabPage} from './page-pool.js'
import type {SlabClass} from './slab-classes.js'

/** Free chunks and pages of one slab class. */
export interface SlabUse {
  /** Oldest first. */
  pages: SlabPage[]
  /** Items handed out: linked or being filled. */
  used: number
  /** First of the freed chunks; 0 = none. */
  free: number
  /** The never used item numbers of the newest page: the next one, and their end. */
  freshItem: number
  freshEnd: number
  freshAddress: number
}

/** A page that is leaving its class; item numbers in [first, end) may be in use. */
export interface LeavingPage {
  readonly page: SlabPage
  readonly first: number
  readonly end: number
}

/** Hands out item numbers, each with a chunk of memory from the pages of its slab class. */
export class SlabAllocator {
  readonly #classes: readonly SlabClass[]
  readonly #columns: ItemColumns
  readonly #uses: readonly SlabUse[]
  readonly #pool: PagePool
  /** Item numbers of the leaving page, which are not handed out again. */
  #leavingFirst = 0
  #leavingEnd = 0

  constructor(options: {
    classes: readonly SlabClass[]
    columns: ItemColumns
    arenas: PageArenas
    /** Pages that `-m` allows; as in memcached, each class gets its first page even above it. */
    pageLimit: number
  }) {
    this.#classes = options.classes
    this.#columns = options.columns
    this.#pool = new PagePool(options)
    this.#uses = options.classes.map(() => ({
      pages: [],
      used: 0,
      free: 0,
      freshItem: 0,
      freshEnd: 0,
      freshAddress: 0,
    }))
  }

  /** End of all item numbers ever used. */
  get itemsEnd(): number {
    return this.#pool.itemsEnd
  }

  /** All pages, and the spare ones among them, which belong to no class. */
  get pageCounts(): {readonly all: number; readonly spare: number} {
    return {all: this.#pool.pages, spare: this.#pool.spare}
  }

  /** Pages that a new `-m` allows; spare pages above it are given up. */
  set pageLimit(pages: number) {
    this.#pool.limit = pages
  }

  use(classId: number): Readonly<SlabUse> {
    return this.#uses[classId - 1]!
  }

  /** Unused chunks of the class. */
  freeChunks(classId: number): number {
    const {pages, used} = this.use(classId)
    return pages.length * this.#classes[classId - 1]!.chunksPerPage - used
  }

  /** Takes an item number of the class; 0 when the memory limit is reached. */
  take(classId: number): number {
    const use = this.#uses[classId - 1]!
    if (use.free === 0 && use.freshItem === use.freshEnd && !this.#addPage(classId, use)) return 0
    return this.#takeChunk(classId, use)
  }

  /** As take(), but adds no page; 0 when all chunks of the class are in use. */
  takeFree(classId: number): number {
    const use = this.#uses[classId - 1]!
    return use.free === 0 && use.freshItem === use.freshEnd ? 0 : this.#takeChunk(classId, use)
  }

  /** Returns an item number and its chunk. */
  give(item: number): void {
    const use = this.#uses[this.#columns.classIdOf(item) - 1]!
    use.used--
    this.#columns.state[item] = FREE
    if (item >= this.#leavingFirst && item < this.#leavingEnd) return
    this.#columns.next[item] = use.free
    use.free = item
  }

  /** Takes the oldest page out of its class; its items stay in use until they are given back. */
  withdraw(classId: number): LeavingPage {
    const use = this.#uses[classId - 1]!
    const page = use.pages.shift()!
    const first = page.firstItem
    let end = first + this.#classes[classId - 1]!.chunksPerPage * ITEM_STEP
    if (use.freshEnd === end) {
      end = use.freshItem
      use.freshItem = 0
      use.freshEnd = 0
    }
    this.#leavingFirst = first
    this.#leavingEnd = end
    this.#dropFree(use, first, end)
    return {page, first, end}
  }

  /** Gives a withdrawn, empty page to a class, or to the global pool. */
  settle(page: SlabPage, classId: number): void {
    this.#leavingEnd = 0
    if (classId === GLOBAL_POOL) this.#pool.give(page)
    else this.#join(page, classId)
  }

  /** Gives a spare page to a class; false when there is none. */
  settleSpare(classId: number): boolean {
    const page = this.#pool.takeSpare()
    if (page !== null) this.#join(page, classId)
    return page !== null
  }

  #takeChunk(classId: number, use: SlabUse): number {
    let item = use.free
    if (item !== 0) {
      use.free = this.#columns.next[item]!
    } else {
      item = use.freshItem
      use.freshItem += ITEM_STEP
      this.#columns.address[item] = use.freshAddress
      this.#columns.setClassId(item, classId)
      use.freshAddress += this.#classes[classId - 1]!.strideBytes / 8
    }
    use.used++
    return item
  }

  #addPage(classId: number, use: SlabUse): boolean {
    const page = this.#pool.take({isFirst: use.pages.length === 0})
    if (page === null) return false
    this.#join(page, classId)
    return true
  }

  #join(page: SlabPage, classId: number): void {
    const use = this.#uses[classId - 1]!
    const {chunksPerPage, strideBytes} = this.#classes[classId - 1]!
    this.#pool.fit(page, {items: chunksPerPage, bytes: chunksPerPage * strideBytes})
    // Only the newest page has never used chunks: those of the page before become free ones.
    while (use.freshItem !== use.freshEnd) {
      const free = use.free
      use.free = 0
      const item = this.#takeChunk(classId, use)
      use.free = free
      this.give(item)
    }
    use.pages.push(page)
    use.freshItem = page.firstItem
    use.freshEnd = page.firstItem + chunksPerPage * ITEM_STEP
    use.freshAddress = page.address
  }

  #dropFree(use: SlabUse, first: number, end: number): void {
    const {next} = this.#columns
    let kept = 0
    for (let item = use.free; item !== 0; ) {
      const following = next[item]!
      if (item < first || item >= end) {
        next[item] = kept
        kept = item
      }
      item = following
    }
    use.free = kept
  }
}
