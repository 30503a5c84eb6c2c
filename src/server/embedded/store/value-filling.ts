import {copyBytes} from '../../../protocol/text/ascii.js'
import type {Store} from './store.js'

/** Writes a value that arrives in pieces into an allocated item; without an item the pieces are skipped. */
export class ValueFilling {
  readonly #store: Store
  #item = 0
  /** Where the next byte goes. */
  #at = 0

  constructor(store: Store) {
    this.#store = store
  }

  /** @param item number of an allocated item */
  begin(item: number): void {
    this.#item = item
    this.#at = this.#store.valueOffsetOf(item)
  }

  /** Takes the next piece of the value. */
  take(bytes: Buffer, start: number, end: number): void {
    if (this.#item !== 0) this.#at = copyBytes(bytes, start, end, this.#store.bytesOf(this.#item), this.#at)
  }

  /** The value is complete: returns the item, now the caller's, or 0 when it was skipped. */
  finish(): number {
    const item = this.#item
    this.#item = 0
    return item
  }

  /** The value will never be complete: frees the item. */
  abort(): void {
    const item = this.finish()
    if (item !== 0) this.#store.discard(item)
  }
}
