import {ITEM_STEP, type ItemColumns} from './item-columns.js'
import type {PageArenas} from './page-arenas.js'
import type {SlabClass} from './slab-classes.js'

/** Free chunks and pages of one slab class. */
export interface SlabUse {
  pages: number
  /** Items taken, linked or being filled. */
  used: number
  /** First of the freed chunks; 0 = none. */
  free: number
  /** Next item number of the newest page that was never used, and where they end. */
  freshItem: number
  freshEnd: number
  freshAddress: number
}

/**
 * Hands out item numbers, each with a chunk of its slab class. A page belongs to
 * its class for good, as in memcached 1.4.13.
 */
export class SlabAllocator {
  readonly #classes: readonly SlabClass[]
  readonly #columns: ItemColumns
  readonly #arenas: PageArenas
  readonly #pageLimit: number
  readonly #uses: readonly SlabUse[]
  #itemsEnd = ITEM_STEP
  #pages = 0

  constructor(options: {
    classes: readonly SlabClass[]
    columns: ItemColumns
    arenas: PageArenas
    /** Pages that `-m` allows; each class may have its first one even above it, as in memcached. */
    pageLimit: number
  }) {
    this.#classes = options.classes
    this.#columns = options.columns
    this.#arenas = options.arenas
    this.#pageLimit = options.pageLimit
    this.#uses = options.classes.map(() => ({
      pages: 0,
      used: 0,
      free: 0,
      freshItem: 0,
      freshEnd: 0,
      freshAddress: 0,
    }))
  }

  /** Above every item number that was ever used. */
  get itemsEnd(): number {
    return this.#itemsEnd
  }

  use(classId: number): Readonly<SlabUse> {
    return this.#uses[classId - 1]!
  }

  /** An item number of the class, or 0 when the memory limit is reached. */
  take(classId: number): number {
    const use = this.#uses[classId - 1]!
    let item = use.free
    if (item !== 0) {
      use.free = this.#columns.next[item]!
    } else {
      if (use.freshItem === use.freshEnd && !this.#addPage(classId, use)) return 0
      item = use.freshItem
      use.freshItem += ITEM_STEP
      this.#columns.address[item] = use.freshAddress
      this.#columns.setClassId(item, classId)
      use.freshAddress += this.#classes[classId - 1]!.strideBytes / 8
    }
    use.used++
    return item
  }

  /** Gives an item number and its chunk back. */
  give(item: number): void {
    const use = this.#uses[this.#columns.classIdOf(item) - 1]!
    this.#columns.next[item] = use.free
    use.free = item
    use.used--
  }

  #addPage(classId: number, use: SlabUse): boolean {
    if (this.#pages >= this.#pageLimit && use.pages > 0) return false
    const {chunksPerPage, strideBytes} = this.#classes[classId - 1]!
    const end = this.#itemsEnd + chunksPerPage * ITEM_STEP
    this.#columns.grow(end)
    use.freshItem = this.#itemsEnd
    use.freshEnd = end
    use.freshAddress = this.#arenas.takePage(chunksPerPage * strideBytes)
    use.pages++
    this.#pages++
    this.#itemsEnd = end
    return true
  }
}
