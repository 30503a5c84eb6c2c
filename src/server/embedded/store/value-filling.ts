import {copyBytes} from '../../../protocol/text/ascii.js'
import type {Store} from './store.js'

/** An allocated item whose value is coming in pieces, or none: then the pieces are skipped. */
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

  /** The value has come: the item, which is the caller's now, or 0 where it was skipped. */
  finish(): number {
    const item = this.#item
    this.#item = 0
    return item
  }

  /** The value will never be complete. */
  abort(): void {
    const item = this.finish()
    if (item !== 0) this.#store.discard(item)
  }
}
