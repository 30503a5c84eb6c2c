import {copyBytes, decimalLength, writeDecimal, writeText} from '../../../protocol/text/ascii.js'
import {CasCounter} from './cas-counter.js'
import type {Clock} from './clock.js'
import {ItemCounters, StoreCounters} from './item-counters.js'
import {FETCHED, ITEM_STEP, ItemColumns, LINKED} from './memory/item-columns.js'
import {KeyIndex} from './memory/key-index.js'
import {LruLists} from './memory/lru-lists.js'
import {PageArenas} from './memory/page-arenas.js'
import {SlabAllocator} from './memory/slab-allocator.js'
import {
  classTable,
  ITEM_BYTES,
  ITEM_BYTES_WITHOUT_CAS,
  type SlabClass,
  slabClasses,
  storedBytes,
} from './memory/slab-classes.js'

/** Why no item was made; below every item number. */
export const TOO_LARGE = -1
const OUT_OF_MEMORY = -2

/** Most items freed by a flush itself, so that no client waits for it. */
const FLUSHED_AT_ONCE = 10_000

/** memcached moves an item to the front of its LRU list at most once in so many seconds. */
const LRU_BUMP_SECONDS = 60

export interface StoreOptions {
  /** `-m`. */
  readonly memoryLimitBytes: number
  /** `-I`: page size, and therefore the largest item. */
  readonly itemMaxBytes: number
  /** False = `-M`: refuse items when memory is full instead of evicting. */
  readonly evictions: boolean
  /** `-f`, 1.25 if absent. */
  readonly growthFactor?: number
  /** `-n`, in bytes; 48 if absent. */
  readonly smallestItemBytes?: number
  /** False = `-C`: an item's size does not include its cas unique. */
  readonly useCas?: boolean
  /** `-o hashpower`; memcached's 16 if absent or 0. */
  readonly hashPower?: number
  readonly clock: Clock
  /** Called before an item is evicted. */
  readonly onEvict?: (item: number) => void
  /** Growth factor of the hash table; 4 if absent, memcached's is 2. */
  readonly hashGrowth?: number
}

/** What allocate() makes an item from. One object is reused for many items. */
export interface ItemHeader {
  keyBuffer: Buffer
  keyStart: number
  keyEnd: number
  hash: number
  flags: number
  /** Unix seconds; 0 = never. */
  exptime: number
  valueBytes: number
}

/**
 * The items of a node, with slab classes, LRU and expiry as in memcached 1.4.13.
 * allocate() makes an item, the caller fills its value, link() makes it visible.
 * An item is a number: its place in the {@link ItemColumns}.
 */
export class Store {
  readonly #clock: Clock
  readonly #evictions: boolean
  readonly #itemMaxBytes: number
  /** memcached's bookkeeping bytes per item. */
  readonly #overheadBytes: number
  readonly useCas: boolean
  readonly #onEvict: (item: number) => void
  readonly #arenas: PageArenas
  readonly #classOfUnits: Uint8Array
  readonly cas = new CasCounter()
  #epoch = 1
  #flushAtSeconds = 0
  /** Unix time of the latest flush, past or scheduled; 0 = none. */
  flushedAtSeconds = 0
  readonly classes: readonly SlabClass[]
  readonly columns: ItemColumns
  readonly index: KeyIndex
  readonly lru: LruLists
  readonly slabs: SlabAllocator
  /** Evicted and reclaimed items by slab class. */
  readonly itemCounters = new ItemCounters()
  /** By slab class: bytes that the items in use need, which is less than their chunks. */
  readonly requestedBytes: Float64Array
  readonly counters = new StoreCounters()

  constructor(options: StoreOptions) {
    this.#clock = options.clock
    this.#evictions = options.evictions
    this.#itemMaxBytes = options.itemMaxBytes
    this.#onEvict = options.onEvict ?? (() => {})
    this.useCas = options.useCas !== false
    this.#overheadBytes = this.useCas ? ITEM_BYTES : ITEM_BYTES_WITHOUT_CAS
    this.classes = slabClasses(options.itemMaxBytes, {
      growthFactor: options.growthFactor,
      smallestItemBytes: options.smallestItemBytes,
      overheadBytes: this.#overheadBytes,
    })
    this.requestedBytes = new Float64Array(this.classes.length + 1)
    const pageLimit = this.#pagesOf(options.memoryLimitBytes)
    const most = (pageLimit + this.classes.length) * this.classes[0]!.chunksPerPage
    this.columns = new ItemColumns(most)
    this.#arenas = new PageArenas({
      largestPageBytes: options.itemMaxBytes,
      expectedBytes: (pageLimit + this.classes.length) * options.itemMaxBytes,
    })
    this.slabs = new SlabAllocator({classes: this.classes, columns: this.columns, arenas: this.#arenas, pageLimit})
    this.index = new KeyIndex(this.columns, {power: options.hashPower, growth: options.hashGrowth})
    this.lru = new LruLists(this.columns, this.classes.length)
    this.#classOfUnits = classTable(this.classes)
  }

  get items(): number {
    return this.index.count
  }

  /** Changes with each flush. */
  get epoch(): number {
    return this.#epoch
  }

  /** The live item with the key, or 0. Frees an expired one on the way. */
  find(bytes: Buffer, start: number, end: number, hash: number): number {
    const {columns} = this
    let item = this.index.first(hash)
    while (item !== 0) {
      if (columns.hash[item] === hash && this.#hasKey(item, bytes, start, end)) {
        if (!this.isDead(item)) return item
        if (this.#isFlushed(item)) this.counters.foundFlushed++
        else this.counters.foundExpired++
        this.unlink(item)
        return 0
      }
      item = columns.next[item]!
    }
    return 0
  }

  /** Notes a read: moves the item up in its LRU list and marks it as fetched. */
  used(item: number): void {
    this.columns.state[item]! |= FETCHED
    this.bump(item)
  }

  /** Moves an item to the front of its LRU list, unless that was done in the last minute. */
  bump(item: number): void {
    const {columns} = this
    if (this.#clock.nowSeconds - columns.usedAt[item]! <= LRU_BUMP_SECONDS) return
    this.lru.remove(item)
    columns.usedAt[item] = this.#clock.nowSeconds
    this.lru.addNewest(item)
  }

  /**
   * Makes an unlinked item with its key, suffix and final CRLF; the caller writes
   * the value. Returns its number, or TOO_LARGE or OUT_OF_MEMORY.
   */
  allocate(header: ItemHeader): number {
    const {keyStart, keyEnd, flags, valueBytes} = header
    const keyBytes = keyEnd - keyStart
    const suffixBytes = 4 + decimalLength(flags) + decimalLength(valueBytes)
    const charged = this.#overheadBytes + storedBytes(keyBytes, suffixBytes, valueBytes)
    if (charged > this.#itemMaxBytes) return TOO_LARGE
    const classId = this.#classOfUnits[Math.ceil(charged / 8)]!
    const item = this.#takeChunk(classId)
    if (item === 0) return OUT_OF_MEMORY
    this.requestedBytes[classId]! += charged
    const {columns} = this
    columns.hash[item] = header.hash
    columns.setLengths(item, {keyBytes, suffixBytes})
    columns.valueBytes[item] = valueBytes
    columns.flags[item] = flags
    columns.exptime[item] = header.exptime
    columns.state[item] = 0
    const bytes = this.bytesOf(item)
    let at = copyBytes(header.keyBuffer, keyStart, keyEnd, bytes, this.offsetOf(item))
    bytes[at++] = 32
    at = writeDecimal(bytes, at, flags)
    bytes[at++] = 32
    at = writeText(bytes, writeDecimal(bytes, at, valueBytes), '\r\n')
    writeText(bytes, at + valueBytes, '\r\n')
    return item
  }

  /** Makes an allocated item visible under its key; the caller has unlinked the key's old item. */
  link(item: number): void {
    const {columns} = this
    columns.usedAt[item] = this.#clock.nowSeconds
    columns.epoch[item] = this.#epoch
    columns.state[item]! |= LINKED
    this.index.insert(item)
    this.lru.addNewest(item)
    this.counters.totalItems++
    this.counters.bytes += this.chargedBytesOf(item)
  }

  /** Takes a linked item out and frees it. */
  unlink(item: number): void {
    this.index.remove(item)
    this.lru.remove(item)
    this.columns.state[item] = 0
    this.counters.bytes -= this.chargedBytesOf(item)
    this.discard(item)
  }

  /** Frees an allocated item that was never linked. */
  discard(item: number): void {
    this.requestedBytes[this.columns.classIdOf(item)]! -= this.chargedBytesOf(item)
    this.slabs.give(item)
  }

  /** Frees a dead item and counts it as reclaimed. */
  reclaim(item: number): void {
    const {columns, counters, itemCounters} = this
    const classId = columns.classIdOf(item)
    counters.reclaimed++
    itemCounters.reclaimed[classId]!++
    if ((columns.state[item]! & FETCHED) === 0) {
      counters.expiredUnfetched++
      itemCounters.expiredUnfetched[classId]!++
    }
    this.unlink(item)
  }

  /** Removes a live item to make room. */
  evict(item: number): void {
    this.#onEvict(item)
    this.#countEviction(item, this.columns.classIdOf(item))
    this.unlink(item)
  }

  /** Moves a linked item into a free chunk of its class, just taken as `to`. */
  moveItem(from: number, to: number): void {
    const end = this.valueOffsetOf(from) + this.columns.valueBytes[from]! + 2
    copyBytes(this.bytesOf(from), this.offsetOf(from), end, this.bytesOf(to), this.offsetOf(to))
    this.columns.copy(from, to)
    this.index.replace(from, to)
    this.lru.replace(from, to)
    this.slabs.give(from)
  }

  /** Sets a new `-m`, in bytes: evicts nothing, but no page is added above it. */
  limitMemory(bytes: number): void {
    this.slabs.pageLimit = this.#pagesOf(bytes)
  }

  setCas(item: number, high: number, low: number): void {
    this.columns.casHigh[item] = high
    this.columns.casLow[item] = low
  }

  /** Gives the item the cas unique that a client chose, else the node's next one. */
  giveCas(item: number, chosen: {readonly high: number; readonly low: number} | null): void {
    if (chosen !== null) this.cas.given(chosen)
    const {high, low} = chosen ?? this.cas.next()
    this.setCas(item, high, low)
  }

  /** Size of an item as memcached counts it: key, suffix, value and bookkeeping. */
  chargedBytesOf(item: number): number {
    const {columns} = this
    const stored = storedBytes(columns.keyBytesOf(item), columns.suffixBytesOf(item), columns.valueBytes[item]!)
    return this.#overheadBytes + stored
  }

  isLinked(item: number): boolean {
    return (this.columns.state[item]! & LINKED) !== 0
  }

  /** Expired or flushed. */
  isDead(item: number): boolean {
    const {columns} = this
    const exptime = columns.exptime[item]!
    return (exptime !== 0 && exptime <= this.#clock.nowSeconds) || columns.epoch[item] !== this.#epoch
  }

  #isFlushed(item: number): boolean {
    return this.columns.epoch[item] !== this.#epoch
  }

  /** The buffer that holds key, suffix, value and CRLF of an item, from {@link offsetOf} on. */
  bytesOf(item: number): Buffer {
    return this.#arenas.bytesAt(this.columns.address[item]!)
  }

  offsetOf(item: number): number {
    return this.#arenas.offsetOf(this.columns.address[item]!)
  }

  valueOffsetOf(item: number): number {
    return this.offsetOf(item) + this.columns.keyBytesOf(item) + this.columns.suffixBytesOf(item)
  }

  /**
   * Makes every item invisible at once. Like memcached it frees those used in the
   * last second (here at most 10,000); lookups and the crawler free the others.
   */
  flush(): void {
    this.flushedAtSeconds = this.#clock.nowSeconds
    this.#flushAtSeconds = 0
    this.#epoch = (this.#epoch + 1) >>> 0
    this.#dropNewest()
  }

  /**
   * Schedules a flush for the second before `atSeconds`, as memcached does;
   * replaces an earlier one.
   */
  flushAt(atSeconds: number): void {
    this.flushedAtSeconds = atSeconds - 1
    this.#flushAtSeconds = atSeconds - 1
    this.runDueFlush()
  }

  /** Unix time of the scheduled flush, as given to flushAt(); null for none. */
  get flushDueSeconds(): number | null {
    return this.#flushAtSeconds === 0 ? null : this.#flushAtSeconds + 1
  }

  /** To be called after each tick of the clock. */
  runDueFlush(): void {
    if (this.#flushAtSeconds !== 0 && this.#flushAtSeconds <= this.#clock.nowSeconds) this.flush()
  }

  /** Removes the join marks from all items, so that their numbers can start again at 1. */
  forgetSyncMarks(): void {
    for (let item = ITEM_STEP; item < this.slabs.itemsEnd; item += ITEM_STEP) this.columns.setSyncMark(item, 0)
  }

  #dropNewest(): void {
    const {columns, lru} = this
    const since = this.#clock.nowSeconds - 1
    let left = FLUSHED_AT_ONCE
    for (const {id} of this.classes) {
      let item = lru.newest(id)
      while (item !== 0 && left > 0 && columns.usedAt[item]! >= since) {
        const older = columns.lruOlder[item]!
        this.unlink(item)
        item = older
        left--
      }
    }
  }

  #hasKey(item: number, bytes: Buffer, start: number, end: number): boolean {
    const length = end - start
    if (this.columns.keyBytesOf(item) !== length) return false
    const own = this.bytesOf(item)
    const offset = this.offsetOf(item)
    for (let index = 0; index < length; index++) if (own[offset + index] !== bytes[start + index]) return false
    return true
  }

  #pagesOf(bytes: number): number {
    return Math.max(1, Math.floor(bytes / this.#itemMaxBytes))
  }

  #takeChunk(classId: number): number {
    const oldest = this.lru.oldest(classId)
    if (oldest !== 0 && this.isDead(oldest)) this.reclaim(oldest)
    let item = this.slabs.take(classId)
    // The freed chunk may lie in a page that is leaving its class, which hands out none.
    while (item === 0) {
      const victim = this.#evictions ? this.lru.oldest(classId) : 0
      if (victim === 0) {
        this.itemCounters.outOfMemory[classId]!++
        return 0
      }
      this.evict(victim)
      item = this.slabs.take(classId)
    }
    return item
  }

  #countEviction(victim: number, classId: number): void {
    const {columns, counters, itemCounters} = this
    counters.evictions++
    itemCounters.evicted[classId]!++
    itemCounters.evictedTime[classId] = this.#clock.nowSeconds - columns.usedAt[victim]!
    if (columns.exptime[victim] !== 0) itemCounters.evictedNonzero[classId]!++
    if ((columns.state[victim]! & FETCHED) !== 0) return
    counters.evictedUnfetched++
    itemCounters.evictedUnfetched[classId]!++
  }
}
