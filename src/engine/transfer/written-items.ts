import {crc32} from 'node:zlib'
import type {StoredItem} from './items/stored-item.js'

type Content = Pick<StoredItem, 'key' | 'flags' | 'value'>

/** Places for each item, so that one is found at once. */
const PLACES_PER_ITEM = 2

/**
 * Which items have been written, by checksums of their keys and contents: eight bytes a place. Two other items pass for
 * one in 2^64 cases.
 */
export class WrittenItems {
  readonly #places: number
  /** Checksums of keys, and 1 more: 0 = free. */
  readonly #keys: Float64Array
  readonly #contents: Uint32Array
  #room: number

  /** @param itemsMax no more are remembered */
  constructor(itemsMax: number) {
    this.#room = itemsMax
    this.#places = itemsMax * PLACES_PER_ITEM
    this.#keys = new Float64Array(this.#places)
    this.#contents = new Uint32Array(this.#places)
  }

  /** Remembers it in place of what was written under its key before. */
  add(item: Content): void {
    const key = keyOf(item)
    const place = this.#placeOf(key)
    if (this.#keys[place] === 0) {
      if (this.#room === 0) return
      this.#room--
      this.#keys[place] = key
    }
    this.#contents[place] = contentOf(item)
  }

  hasKey(item: Pick<Content, 'key'>): boolean {
    return this.#keys[this.#placeOf(keyOf(item))] !== 0
  }

  /** Whether it was written like this. */
  has(item: Content): boolean {
    const place = this.#placeOf(keyOf(item))
    return this.#keys[place] !== 0 && this.#contents[place] === contentOf(item)
  }

  /** Where a key is, or may go. */
  #placeOf(key: number): number {
    let place = key % this.#places
    while (this.#keys[place] !== 0 && this.#keys[place] !== key) place = (place + 1) % this.#places
    return place
  }
}

function keyOf({key}: Pick<Content, 'key'>): number {
  return crc32(Buffer.from(key, 'latin1')) + 1
}

function contentOf({flags, value}: Content): number {
  return crc32(value, flags)
}
