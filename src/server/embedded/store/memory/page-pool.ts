import {ITEM_STEP, type ItemColumns} from './item-columns.js'
import type {PageArenas} from './page-arenas.js'

/** In `slabs reassign`: the spare pages, which belong to no class. */
export const GLOBAL_POOL = 0

/** A page of memory and the item numbers of its chunks: as many as its classes so far have needed. */
export interface SlabPage {
  firstItem: number
  items: number
  /** In units of 8 bytes over all arenas. */
  address: number
  bytes: number
}

/**
 * All pages of a node: makes them up to `-m`, and keeps the spare ones. Pages given
 * up for a lower limit are kept for a higher one, because arenas return no memory
 * to the system.
 */
export class PagePool {
  readonly #columns: ItemColumns
  readonly #arenas: PageArenas
  #limit: number
  #pages = 0
  readonly #spare: SlabPage[] = []
  readonly #givenUp: SlabPage[] = []
  #itemsEnd = ITEM_STEP

  constructor({columns, arenas, pageLimit}: {columns: ItemColumns; arenas: PageArenas; pageLimit: number}) {
    this.#columns = columns
    this.#arenas = arenas
    this.#limit = pageLimit
  }

  /** End of all item numbers ever used. */
  get itemsEnd(): number {
    return this.#itemsEnd
  }

  /** Pages of all classes and spare pages. */
  get pages(): number {
    return this.#pages
  }

  get spare(): number {
    return this.#spare.length
  }

  set limit(pages: number) {
    this.#limit = pages
    this.#giveUp()
  }

  /** Takes a page for a class, still to be fit(); null at the limit, unless it is the first page of the class. */
  take({isFirst}: {isFirst: boolean}): SlabPage | null {
    const spare = this.takeSpare()
    if (spare !== null) return spare
    if (this.#pages >= this.#limit && !isFirst) return null
    this.#pages++
    return this.#givenUp.pop() ?? {firstItem: 0, items: 0, address: 0, bytes: 0}
  }

  takeSpare(): SlabPage | null {
    return this.#spare.pop() ?? null
  }

  give(page: SlabPage): void {
    this.#spare.push(page)
    this.#giveUp()
  }

  /** Gives a page the item numbers and the memory that the chunks of its new class need. */
  fit(page: SlabPage, {items, bytes}: {items: number; bytes: number}): void {
    if (page.items < items) {
      page.firstItem = this.#itemsEnd
      page.items = items
      this.#itemsEnd += items * ITEM_STEP
      this.#columns.grow(this.#itemsEnd)
    }
    if (page.bytes < bytes) {
      page.address = this.#arenas.takePage(bytes)
      page.bytes = bytes
    }
  }

  #giveUp(): void {
    while (this.#pages > this.#limit && this.#spare.length > 0) {
      this.#givenUp.push(this.#spare.pop()!)
      this.#pages--
    }
  }
}
