import type {Store} from './store.js'
import type {CasUnique} from './store-item.js'

/** A cas unique as decimal digits. */
export function casTextOf({high, low}: CasUnique): string {
  return ((BigInt(high) << 32n) | BigInt(low)).toString()
}

/** An item's cas unique as decimal digits. */
export function casText({columns}: Store, item: number): string {
  return casTextOf({high: columns.casHigh[item]!, low: columns.casLow[item]!})
}

/** A key as in a URI: every byte but letters, digits and `-._~` as %XX. */
export function encodeKey(bytes: Buffer, start: number, end: number): string {
  return bytes
    .toString('latin1', start, end)
    .replaceAll(/[^\w.~-]/g, char => `%${char.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)
}

/** An item's key as {@link encodeKey} writes it. */
export function encodedKeyOf(store: Store, item: number): string {
  const start = store.offsetOf(item)
  return encodeKey(store.bytesOf(item), start, start + store.columns.keyBytesOf(item))
}
