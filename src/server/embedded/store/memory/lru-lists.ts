import type {ItemColumns} from './item-columns.js'

/** One LRU list per slab class, linked through the items' columns. */
export class LruLists {
  readonly #columns: ItemColumns
  readonly #newest: Uint32Array
  readonly #oldest: Uint32Array
  readonly #counts: Uint32Array

  constructor(columns: ItemColumns, classes: number) {
    this.#columns = columns
    this.#newest = new Uint32Array(classes + 1)
    this.#oldest = new Uint32Array(classes + 1)
    this.#counts = new Uint32Array(classes + 1)
  }

  count(classId: number): number {
    return this.#counts[classId]!
  }

  /** Least recently used item of the class, or 0. */
  oldest(classId: number): number {
    return this.#oldest[classId]!
  }

  /** Most recently used item of the class, or 0; the lruOlder column leads on. */
  newest(classId: number): number {
    return this.#newest[classId]!
  }

  addNewest(item: number): void {
    const columns = this.#columns
    const classId = columns.classIdOf(item)
    const second = this.#newest[classId]!
    columns.lruOlder[item] = second
    columns.lruNewer[item] = 0
    if (second !== 0) columns.lruNewer[second] = item
    else this.#oldest[classId] = item
    this.#newest[classId] = item
    this.#counts[classId]!++
  }

  remove(item: number): void {
    const {lruOlder, lruNewer} = this.#columns
    const classId = this.#columns.classIdOf(item)
    const older = lruOlder[item]!
    const newer = lruNewer[item]!
    if (older !== 0) lruNewer[older] = newer
    else this.#oldest[classId] = newer
    if (newer !== 0) lruOlder[newer] = older
    else this.#newest[classId] = older
    this.#counts[classId]!--
  }

  /** Puts `to`, a copy of `from`, in its place. */
  replace(from: number, to: number): void {
    const {lruOlder, lruNewer} = this.#columns
    const classId = this.#columns.classIdOf(from)
    const older = lruOlder[from]!
    const newer = lruNewer[from]!
    if (older !== 0) lruNewer[older] = to
    else this.#oldest[classId] = to
    if (newer !== 0) lruOlder[newer] = to
    else this.#newest[classId] = to
  }
}
