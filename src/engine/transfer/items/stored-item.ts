/** An item as a server holds it. */
export interface StoredItem {
  /** Bytes, as latin1: 1 to 250 of them, any byte. */
  readonly key: string
  /** 0 to 2^32 − 1. */
  readonly flags: number
  /** Unix seconds by the clock of the server, 0 = never, null = the server does not tell. */
  readonly expiresAt: number | null
  /** Decimal; null when it was not asked for. */
  readonly cas: string | null
  readonly value: Buffer
}

/** A key as a server lists it. */
export interface ListedKey {
  /** Bytes, as latin1. */
  readonly key: string
  /** As in a StoredItem. */
  readonly expiresAt: number | null
}

/** Bytes that an item counts for in a rate and in a progress: key and value. */
export function itemBytes({key, value}: Pick<StoredItem, 'key' | 'value'>): number {
  return key.length + value.length
}
