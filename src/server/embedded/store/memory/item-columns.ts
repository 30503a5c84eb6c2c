/** With more items than this the columns grow, which copies them all. */
const INITIAL_CAPACITY = 1 << 22
const WORD_BYTES = 4

/**
 * Words of one item's record, and so the distance between item numbers: an item's
 * number is the place of its record, so that `column[item]` finds a word. 0 = no item.
 */
export const ITEM_STEP = 14

/**
 * Facts of each item, as columns of 32-bit words. All columns are views of one
 * block of memory, each shifted by a word, so that an item's words lie side by
 * side: cache misses would cost more than the rest of a command. For the garbage
 * collector a million items are one object. The block is large from the start,
 * because the system backs memory only where it is touched.
 */
export class ItemColumns {
  /** In items. */
  #capacity: number
  hash!: Uint32Array
  /** Next in the hash bucket; for a free chunk, the next free one. */
  next!: Uint32Array
  /** Place of the item's bytes, in units of 8 bytes over all arenas. */
  address!: Uint32Array
  /** Four values of a byte each: key length, slab class, suffix length, join mark. */
  #bytes!: Uint32Array
  valueBytes!: Uint32Array
  /** Unix seconds; 0 = never. */
  exptime!: Uint32Array
  /** The store's flush epoch in which the item was linked. */
  epoch!: Uint32Array
  /** Unix seconds of the last use. */
  usedAt!: Uint32Array
  state!: Uint32Array
  lruOlder!: Uint32Array
  lruNewer!: Uint32Array
  flags!: Uint32Array
  casHigh!: Uint32Array
  casLow!: Uint32Array

  /** @param most the largest number of items that the memory limit allows. */
  constructor(most: number) {
    this.#capacity = Math.min(most, INITIAL_CAPACITY) + 1
    this.#lay(new Uint32Array(this.#capacity * ITEM_STEP))
  }

  /** Makes room for item numbers below `end`. */
  grow(end: number): void {
    const needed = end / ITEM_STEP
    if (needed <= this.#capacity) return
    this.#capacity = Math.max(needed, this.#capacity * 2)
    const larger = new Uint32Array(this.#capacity * ITEM_STEP)
    larger.set(this.hash)
    this.#lay(larger)
  }

  keyBytesOf(item: number): number {
    return this.#bytes[item]! & 0xff
  }

  classIdOf(item: number): number {
    return (this.#bytes[item]! >>> 8) & 0xff
  }

  suffixBytesOf(item: number): number {
    return (this.#bytes[item]! >>> 16) & 0xff
  }

  /** Join mark: number of the join in which the item came from the peer; 0 = it did not. */
  syncMarkOf(item: number): number {
    return this.#bytes[item]! >>> 24
  }

  /** Call once, when the item's chunk is first used. */
  setClassId(item: number, classId: number): void {
    this.#bytes[item] = classId << 8
  }

  /** Sets the lengths of a new item, and clears its join mark. */
  setLengths(item: number, {keyBytes, suffixBytes}: {keyBytes: number; suffixBytes: number}): void {
    this.#bytes[item] = (this.#bytes[item]! & 0xff00) | keyBytes | (suffixBytes << 16)
  }

  /** Copies all facts of an item but its address to another item of the same slab class. */
  copy(from: number, to: number): void {
    const address = this.address[to]!
    // `hash` is the column without a shift: its view begins with the records.
    this.hash.copyWithin(to, from, from + ITEM_STEP)
    this.address[to] = address
  }

  setSyncMark(item: number, mark: number): void {
    this.#bytes[item] = (this.#bytes[item]! & 0xff_ffff) | (mark << 24)
  }

  #lay(words: Uint32Array<ArrayBuffer>): void {
    let offset = 0
    const column = () => new Uint32Array(words.buffer, WORD_BYTES * offset++)
    // The words that a get needs stand together at the front.
    this.hash = column()
    this.next = column()
    this.address = column()
    this.#bytes = column()
    this.valueBytes = column()
    this.exptime = column()
    this.epoch = column()
    this.usedAt = column()
    this.state = column()
    this.lruOlder = column()
    this.lruNewer = column()
    this.flags = column()
    this.casHigh = column()
    this.casLow = column()
  }
}

/** Bits of {@link ItemColumns.state}. */
export const LINKED = 1
export const FETCHED = 2
/** A meta command has marked the item as stale. */
export const STALE = 4
/** A client was told to recache the item. */
export const TOKEN_SENT = 8
/** The key came in base64, and goes back so. */
export const KEY_BASE64 = 16
/** The chunk is free. */
export const FREE = 32
