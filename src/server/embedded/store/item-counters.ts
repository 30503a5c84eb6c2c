/** Length of an array indexed by slab class: memcached's largest class is 200. */
export const CLASSES = 201

/** What happened to the items of a node. */
export class StoreCounters {
  totalItems = 0
  evictions = 0
  reclaimed = 0
  expiredUnfetched = 0
  evictedUnfetched = 0
  /** Bytes of all linked items, as memcached counts them. */
  bytes = 0
  /** Lookups that met an expired item, or a flushed one. */
  foundExpired = 0
  foundFlushed = 0
}

/** The same by slab class, under the names of `stats items`. */
export class ItemCounters {
  readonly evicted = new Float64Array(CLASSES)
  /** Evicted ones that had an exptime. */
  readonly evictedNonzero = new Float64Array(CLASSES)
  /** Seconds since the last use of the item evicted last. */
  readonly evictedTime = new Float64Array(CLASSES)
  readonly outOfMemory = new Float64Array(CLASSES)
  readonly reclaimed = new Float64Array(CLASSES)
  readonly expiredUnfetched = new Float64Array(CLASSES)
  readonly evictedUnfetched = new Float64Array(CLASSES)
  readonly crawlerReclaimed = new Float64Array(CLASSES)
  readonly crawlerItemsChecked = new Float64Array(CLASSES)

  reset(): void {
    for (const counts of Object.values(this)) (counts as Float64Array).fill(0)
  }
}

/** The sum over all classes. */
export function total(counts: Float64Array): number {
  return counts.reduce((sum, count) => sum + count, 0)
}
