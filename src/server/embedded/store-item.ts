import {copyBytes} from '../../protocol/ascii.js'
import type {StorageVerb} from '../../protocol/command.js'
import {assertNever} from '../../protocol/errors.js'
import {KEY_BASE64} from './item-columns.js'
import type {Store} from './store.js'

/** Why a storage command stored nothing. */
export type StoreRefusal = 'NOT_STORED' | 'EXISTS' | 'NOT_FOUND'

/** A cas unique as two unsigned 32-bit halves. */
export interface CasUnique {
  high: number
  low: number
}

/** No item has it; where a cas unique is optional it means any. */
export const ANY_CAS: Readonly<CasUnique> = {high: 0, low: 0}

/** False when a cas unique is expected that the item does not have. */
export function allowsCas(store: Store, item: number, expected: CasUnique): boolean {
  return (expected.high === 0 && expected.low === 0) || hasCas(store, item, expected)
}

/** Under `-C` any cas unique is the right one. */
export function hasCas({columns, useCas}: Store, item: number, expected: CasUnique): boolean {
  if (!useCas) return true
  return columns.casHigh[item] === expected.high && columns.casLow[item] === expected.low
}

/**
 * Applies a storage command to an allocated and filled item: links it, or
 * discards it, by the verb's rule. Returns the linked item: another one for
 * append and prepend. `expected` counts for `cas`, append and prepend.
 */
export function storeItem(store: Store, verb: StorageVerb, item: number, expected: CasUnique): number | StoreRefusal {
  const keyStart = store.offsetOf(item)
  const {columns} = store
  const old = store.find(store.bytesOf(item), keyStart, keyStart + columns.keyBytesOf(item), columns.hash[item]!)
  switch (verb) {
    case 'set':
      return replaceWith(store, old, item)
    case 'add':
      if (old === 0) return replaceWith(store, old, item)
      store.bump(old)
      return refuse(store, item, 'NOT_STORED')
    case 'replace':
      return old === 0 ? refuse(store, item, 'NOT_STORED') : replaceWith(store, old, item)
    case 'append':
    case 'prepend': {
      if (old === 0) return refuse(store, item, 'NOT_STORED')
      return allowsCas(store, old, expected) ? join(store, {verb, old, item}) : refuse(store, item, 'EXISTS')
    }
    case 'cas':
      if (old === 0) return refuse(store, item, 'NOT_FOUND')
      return hasCas(store, old, expected) ? replaceWith(store, old, item) : refuse(store, item, 'EXISTS')
    default:
      return assertNever(verb)
  }
}

/** Links an item in the place of `old` (0 = of none) with a fresh cas unique; returns the item. */
export function replaceWith(store: Store, old: number, item: number): number {
  if (old !== 0) store.unlink(old)
  store.renewCas(item)
  store.link(item)
  return item
}

function refuse(store: Store, item: number, reason: StoreRefusal): StoreRefusal {
  store.discard(item)
  return reason
}

/** append and prepend keep the old item's flags and exptime. */
function join(
  store: Store,
  {verb, old, item}: {verb: 'append' | 'prepend'; old: number; item: number},
): number | StoreRefusal {
  const {columns} = store
  const keyStart = store.offsetOf(item)
  const joined = store.allocate({
    keyBuffer: store.bytesOf(item),
    keyStart,
    keyEnd: keyStart + columns.keyBytesOf(item),
    hash: columns.hash[item]!,
    flags: columns.flags[old]!,
    exptime: columns.exptime[old]!,
    valueBytes: columns.valueBytes[item]! + columns.valueBytes[old]!,
  })
  // Making room may have evicted the very item that was to grow.
  if (joined <= 0 || !store.isLinked(old)) {
    if (joined > 0) store.discard(joined)
    return refuse(store, item, 'NOT_STORED')
  }
  const [first, second] = verb === 'append' ? [old, item] : [item, old]
  const afterFirst = copyValue(store, first, joined, store.valueOffsetOf(joined))
  copyValue(store, second, joined, afterFirst)
  store.discard(item)
  columns.state[joined] = columns.state[old]! & KEY_BASE64
  return replaceWith(store, old, joined)
}

function copyValue(store: Store, from: number, to: number, at: number): number {
  const start = store.valueOffsetOf(from)
  return copyBytes(store.bytesOf(from), start, start + store.columns.valueBytes[from]!, store.bytesOf(to), at)
}
