/** More items than this at once make the columns grow, with one copy each. */
const INITIAL_CAPACITY = 1 << 22

/**
 * What the store knows of each item, one typed array per property, indexed by
 * the item's number (1, 2, 3 …; 0 is none). A million items are no objects to
 * the garbage collector. The arrays are large from the start: the system gives
 * zeroed memory only where it is touched.
 */
export class ItemColumns {
  capacity: number
  /** Place of the item's bytes, in units of 8 bytes over all arenas. */
  address: Uint32Array
  hash: Uint32Array
  /** Next in the hash bucket; for a free chunk, the next free one. */
  next: Uint32Array
  lruOlder: Uint32Array
  lruNewer: Uint32Array
  valueBytes: Uint32Array
  flags: Uint32Array
  /** Unix seconds; 0 = never. */
  exptime: Uint32Array
  /** Unix seconds of the last use. */
  usedAt: Uint32Array
  casHigh: Uint32Array
  casLow: Uint32Array
  /** The store's flush epoch in which the item was linked. */
  epoch: Uint32Array
  keyBytes: Uint8Array
  suffixBytes: Uint8Array
  classId: Uint8Array
  state: Uint8Array
  /** Number of the join in which the item came from the peer; 0 = it did not. */
  syncMark: Uint8Array

  /** @param most the largest number of items that the memory limit allows. */
  constructor(most: number) {
    this.capacity = Math.min(most, INITIAL_CAPACITY) + 1
    const words = () => new Uint32Array(this.capacity)
    const bytes = () => new Uint8Array(this.capacity)
    this.address = words()
    this.hash = words()
    this.next = words()
    this.lruOlder = words()
    this.lruNewer = words()
    this.valueBytes = words()
    this.flags = words()
    this.exptime = words()
    this.usedAt = words()
    this.casHigh = words()
    this.casLow = words()
    this.epoch = words()
    this.keyBytes = bytes()
    this.suffixBytes = bytes()
    this.classId = bytes()
    this.state = bytes()
    this.syncMark = bytes()
  }

  /** Makes room for item numbers below `capacity`. */
  grow(capacity: number): void {
    if (capacity <= this.capacity) return
    this.capacity = Math.max(capacity, this.capacity * 2)
    const words = (old: Uint32Array) => {
      const larger = new Uint32Array(this.capacity)
      larger.set(old)
      return larger
    }
    const bytes = (old: Uint8Array) => {
      const larger = new Uint8Array(this.capacity)
      larger.set(old)
      return larger
    }
    this.address = words(this.address)
    this.hash = words(this.hash)
    this.next = words(this.next)
    this.lruOlder = words(this.lruOlder)
    this.lruNewer = words(this.lruNewer)
    this.valueBytes = words(this.valueBytes)
    this.flags = words(this.flags)
    this.exptime = words(this.exptime)
    this.usedAt = words(this.usedAt)
    this.casHigh = words(this.casHigh)
    this.casLow = words(this.casLow)
    this.epoch = words(this.epoch)
    this.keyBytes = bytes(this.keyBytes)
    this.suffixBytes = bytes(this.suffixBytes)
    this.classId = bytes(this.classId)
    this.state = bytes(this.state)
    this.syncMark = bytes(this.syncMark)
  }
}

/** Bits of {@link ItemColumns.state}. */
export const LINKED = 1
export const FETCHED = 2
/** A meta command has marked the item as out of date. */
export const STALE = 4
/** A client was told that the item is its own to make anew. */
export const TOKEN_SENT = 8
/** A meta command gave the key in base64, and so it is told. */
export const KEY_BASE64 = 16
