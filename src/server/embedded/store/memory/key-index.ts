import type {ItemColumns} from './item-columns.js'

/** memcached's HASHPOWER_DEFAULT. */
const DEFAULT_POWER = 16
/** Buckets moved at each insertion while the table grows, so that no insertion pays for all. */
const MOVED_PER_INSERT = 4
/** Growth factor: moving an item costs more than finding one, so the table should seldom grow. */
const DEFAULT_GROWTH = 4
const FNV_OFFSET = 0x811c9dc5
const FNV_PRIME = 0x01000193

/** FNV-1a over bytes[start, end) with murmur3's final mix: the low bits choose the bucket. */
export function hashKey(bytes: Buffer, start: number, end: number): number {
  let hash = FNV_OFFSET
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ bytes[at]!, FNV_PRIME)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return (hash ^ (hash >>> 16)) >>> 0
}

/**
 * Hash table from key hash to the first item of the bucket; the chain continues in
 * the items' `next` column. Grows by a factor, a few buckets at a time.
 */
export class KeyIndex {
  readonly #columns: ItemColumns
  #buckets: Uint32Array
  readonly #growth: number
  #old: Uint32Array | null = null
  /** Buckets of the old table below this one have moved. */
  #moved = 0
  #count = 0

  /** @param options `power`: log2 of the first number of buckets, `growth`: a power of 2; both by default if 0 or absent */
  constructor(
    columns: ItemColumns,
    {power = 0, growth = 0}: {power?: number | undefined; growth?: number | undefined} = {},
  ) {
    this.#columns = columns
    this.#buckets = new Uint32Array(1 << (power || DEFAULT_POWER))
    this.#growth = growth || DEFAULT_GROWTH
  }

  get count(): number {
    return this.#count
  }

  /** log2 of the number of buckets (`hash_power_level`). */
  get power(): number {
    return Math.log2(this.#buckets.length)
  }

  get growing(): boolean {
    return this.#old !== null
  }

  /** First item of the bucket for a hash, or 0. */
  first(hash: number): number {
    const old = this.#old
    if (old !== null) {
      const bucket = hash & (old.length - 1)
      if (bucket >= this.#moved) return old[bucket]!
    }
    return this.#buckets[hash & (this.#buckets.length - 1)]!
  }

  insert(item: number): void {
    const hash = this.#columns.hash[item]!
    const table = this.#tableFor(hash)
    const bucket = hash & (table.length - 1)
    this.#columns.next[item] = table[bucket]!
    table[bucket] = item
    this.#count++
    if (this.#old !== null) this.#move(this.#old, MOVED_PER_INSERT)
    else if (this.#count > this.#buckets.length * 1.5) this.#startGrowing()
  }

  remove(item: number): void {
    const {hash, next} = this.#columns
    const table = this.#tableFor(hash[item]!)
    const bucket = hash[item]! & (table.length - 1)
    let at = table[bucket]!
    if (at === item) {
      table[bucket] = next[item]!
    } else {
      while (next[at] !== item) at = next[at]!
      next[at] = next[item]!
    }
    this.#count--
  }

  /** Puts `to`, a copy of `from`, in its place. */
  replace(from: number, to: number): void {
    const {hash, next} = this.#columns
    const table = this.#tableFor(hash[from]!)
    const bucket = hash[from]! & (table.length - 1)
    let at = table[bucket]!
    if (at === from) {
      table[bucket] = to
      return
    }
    while (next[at] !== from) at = next[at]!
    next[at] = to
  }

  #tableFor(hash: number): Uint32Array {
    const old = this.#old
    return old !== null && (hash & (old.length - 1)) >= this.#moved ? old : this.#buckets
  }

  #startGrowing(): void {
    this.#old = this.#buckets
    this.#buckets = new Uint32Array(this.#old.length * this.#growth)
    this.#moved = 0
  }

  #move(old: Uint32Array, buckets: number): void {
    const {hash, next} = this.#columns
    const mask = this.#buckets.length - 1
    const end = Math.min(old.length, this.#moved + buckets)
    for (let bucket = this.#moved; bucket < end; bucket++) {
      let item = old[bucket]!
      while (item !== 0) {
        const following = next[item]!
        const target = hash[item]! & mask
        next[item] = this.#buckets[target]!
        this.#buckets[target] = item
        item = following
      }
    }
    this.#moved = end
    if (end === old.length) this.#old = null
  }
}
