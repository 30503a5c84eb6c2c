import {ITEM_STEP, type ItemColumns} from './item-columns.js'
import type {PageArenas} from './page-arenas.js'

/** The number by which `slabs reassign` names the pages that belong to no class. */
export const GLOBAL_POOL = 0

/** A page of memory with the item numbers for its chunks: as many as the classes it has belonged to needed. */
export interface SlabPage {
  firstItem: number
  items: number
  /** In units of 8 bytes over all arenas. */
  address: number
  bytes: number
}

/**
 * All pages of a node: makes them up to `-m`, and keeps those that no class has.
 * What was given up for a lower limit is kept for a higher one: arenas return no
 * memory to the system.
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

  /** Above every item number that was ever used. */
  get itemsEnd(): number {
    return this.#itemsEnd
  }

  /** Those of all classes and the spare ones. */
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

  /** A page for a class, to be fitted to it; null at the limit, unless it is the class's first one. */
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

  /** Gives a page the numbers and the memory that the chunks of its new class need. */
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
