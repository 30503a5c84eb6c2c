/** More items than this at once make the columns grow, with one copy of them all. */
const INITIAL_CAPACITY = 1 << 22
const WORD_BYTES = 4

/**
 * From one item's number to the next: the words of one item's record. A number is
 * the place of the record, so that `column[item]` is all it takes to find a word;
 * 0 is none.
 */
export const ITEM_STEP = 14

/**
 * What the store knows of each item. The columns are views of one block of
 * memory, shifted by a word each: an item's words lie side by side, since memory
 * that is far apart would cost more than all the rest of a command. A million
 * items are no objects to the garbage collector. The block is large from the
 * start: the system gives zeroed memory only where it is touched.
 */
export class ItemColumns {
  /** In items. */
  #capacity: number
  hash!: Uint32Array
  /** Next in the hash bucket; for a free chunk, the next free one. */
  next!: Uint32Array
  /** Place of the item's bytes, in units of 8 bytes over all arenas. */
  address!: Uint32Array
  /** What takes a byte each: length of the key, slab class, length of the suffix, mark of the join. */
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

  /** Number of the join in which the item came from the peer; 0 = it did not. */
  syncMarkOf(item: number): number {
    return this.#bytes[item]! >>> 24
  }

  /** To be called once, when the item's chunk is first used. */
  setClassId(item: number, classId: number): void {
    this.#bytes[item] = classId << 8
  }

  /** Of a new item, which did not come from the peer. */
  setLengths(item: number, {keyBytes, suffixBytes}: {keyBytes: number; suffixBytes: number}): void {
    this.#bytes[item] = (this.#bytes[item]! & 0xff00) | keyBytes | (suffixBytes << 16)
  }

  /** Everything that is known of an item but where it lies; both are of one slab class. */
  copy(from: number, to: number): void {
    const address = this.address[to]!
    // `hash` is the column without a shift: its view begins where the records do.
    this.hash.copyWithin(to, from, from + ITEM_STEP)
    this.address[to] = address
  }

  setSyncMark(item: number, mark: number): void {
    this.#bytes[item] = (this.#bytes[item]! & 0xff_ffff) | (mark << 24)
  }

  #lay(words: Uint32Array<ArrayBuffer>): void {
    let offset = 0
    const column = () => new Uint32Array(words.buffer, WORD_BYTES * offset++)
    // What finding and reading an item takes stands together at the front.
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
/** A meta command has marked the item as out of date. */
export const STALE = 4
/** A client was told that the item is its own to make anew. */
export const TOKEN_SENT = 8
/** A meta command gave the key in base64, and so it is told. */
export const KEY_BASE64 = 16
/** The chunk was given back, and belongs to no item. */
export const FREE = 32
