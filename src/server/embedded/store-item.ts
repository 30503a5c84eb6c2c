import {copyBytes} from '../../protocol/ascii.js'
import type {StorageVerb} from '../../protocol/command.js'
import {assertNever} from '../../protocol/errors.js'
import type {ItemHeader, Store} from './store.js'

export type StoreOutcome = 'STORED' | 'NOT_STORED' | 'EXISTS' | 'NOT_FOUND'

/** A cas unique as two unsigned 32-bit halves. */
export interface CasUnique {
  high: number
  low: number
}

/**
 * Applies a storage command to an allocated and filled item: links it, or
 * discards it, by the verb's rule. `header` is what the item was made from;
 * `expected` only counts for `cas`.
 */
export function storeItem(
  store: Store,
  options: {verb: StorageVerb; item: number; header: ItemHeader; expected: CasUnique},
): StoreOutcome {
  const {verb, item, header} = options
  const old = store.find(header.keyBuffer, header.keyStart, header.keyEnd, header.hash)
  switch (verb) {
    case 'set':
      return replaceWith(store, old, item)
    case 'add':
      if (old === 0) return replaceWith(store, old, item)
      store.used(old)
      return refuse(store, item, 'NOT_STORED')
    case 'replace':
      return old === 0 ? refuse(store, item, 'NOT_STORED') : replaceWith(store, old, item)
    case 'append':
    case 'prepend':
      return old === 0 ? refuse(store, item, 'NOT_STORED') : join(store, {verb, old, item, header})
    case 'cas': {
      if (old === 0) return refuse(store, item, 'NOT_FOUND')
      const {casHigh, casLow} = store.columns
      const matches = casHigh[old] === options.expected.high && casLow[old] === options.expected.low
      return matches ? replaceWith(store, old, item) : refuse(store, item, 'EXISTS')
    }
    default:
      return assertNever(verb)
  }
}

/** Links an item in the place of `old` (0 = of none) with a fresh cas unique. */
export function replaceWith(store: Store, old: number, item: number): 'STORED' {
  if (old !== 0) store.unlink(old)
  store.renewCas(item)
  store.link(item)
  return 'STORED'
}

function refuse(store: Store, item: number, outcome: StoreOutcome): StoreOutcome {
  store.discard(item)
  return outcome
}

/** append and prepend keep the old item's flags and exptime. */
function join(
  store: Store,
  {
    verb,
    old,
    item,
    header,
  }: {
    verb: 'append' | 'prepend'
    old: number
    item: number
    header: ItemHeader
  },
): StoreOutcome {
  const {columns} = store
  const added = columns.valueBytes[item]!
  const kept = columns.valueBytes[old]!
  const joined = store.allocate({
    ...header,
    flags: columns.flags[old]!,
    exptime: columns.exptime[old]!,
    valueBytes: added + kept,
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
  return replaceWith(store, old, joined)
}

function copyValue(store: Store, from: number, to: number, at: number): number {
  const start = store.valueOffsetOf(from)
  return copyBytes(store.bytesOf(from), start, start + store.columns.valueBytes[from]!, store.bytesOf(to), at)
}
