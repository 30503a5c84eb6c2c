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
