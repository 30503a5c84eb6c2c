import type {Clock} from './clock.js'

export interface StoreOptions {
  /** `-m`. */
  readonly memoryLimitBytes: number
  /** `-I`: page size and so the largest item. */
  readonly itemMaxBytes: number
  /** False = `-M`: answer out of memory rather than evict. */
  readonly evictions: boolean
  /** `-f`, 1.25 if absent. */
  readonly growthFactor?: number
  /** `-n`, in bytes; 48 if absent. */
  readonly smallestItemBytes?: number
  /** False = `-C`: items are charged without their cas unique. */
  readonly useCas?: boolean
  /** `-o hashpower`; memcached's 16 if absent or 0. */
  readonly hashPower?: number
  readonly clock: Clock
  /** Called before an item is evicted. */
  readonly onEvict?: (item: number) => void
  /** False while items have to keep their numbers. */
  readonly mayMoveItems?: () => boolean
  /** How the hash table grows: memcached doubles it; 4 times if absent. */
  readonly hashGrowth?: number
}

export interface StoreCounters {
  totalItems: number
  evictions: number
  reclaimed: number
  expiredUnfetched: number
  evictedUnfetched: number
  /** memcached's reckoning of the bytes of all linked items. */
  bytes: number
  /** Items that were over, or flushed, when somebody looked for them. */
  foundExpired: number
  foundFlushed: number
}
