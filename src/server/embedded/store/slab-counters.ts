/** Room for class numbers up to memcached's largest, 200, whatever classes a node has. */
const CLASSES = 201

/** What clients' commands did to the items of each slab class: indexed by the class of the item. */
export class SlabCounters {
  readonly getHits = new Float64Array(CLASSES)
  readonly cmdSet = new Float64Array(CLASSES)
  readonly deleteHits = new Float64Array(CLASSES)
  readonly incrHits = new Float64Array(CLASSES)
  readonly decrHits = new Float64Array(CLASSES)
  readonly casHits = new Float64Array(CLASSES)
  readonly casBadval = new Float64Array(CLASSES)
  readonly touchHits = new Float64Array(CLASSES)

  reset(): void {
    for (const counts of Object.values(this)) (counts as Float64Array).fill(0)
  }
}

/** What became of the items of each slab class, by the names of `stats items`. */
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
