import {assertNever} from '../../../protocol/errors.js'
import {copyBytes} from '../../../protocol/text/ascii.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import {KEY_BASE64} from './memory/item-columns.js'
import type {Store} from './store.js'

/** Why a storage command stored nothing. */
export type StoreRefusal = 'NOT_STORED' | 'EXISTS' | 'NOT_FOUND'

/** A cas unique as two unsigned 32-bit halves. */
export interface CasUnique {
  high: number
  low: number
}

/** Matches any item where a cas unique is optional; no item has it. */
export const ANY_CAS: Readonly<CasUnique> = {high: 0, low: 0}

/** The halves of a 64-bit cas unique. */
export function splitCas(cas: bigint): CasUnique {
  return {high: Number(cas >> 32n), low: Number(cas & 0xffff_ffffn)}
}

/** How a filled item is to be stored. */
export interface StoreRule {
  readonly verb: StorageVerb
  /** Checked by `cas`, append and prepend. */
  readonly expected: Readonly<CasUnique>
  /** append and prepend store under an absent key, too. */
  readonly vivifies?: boolean
  /** The cas unique that the client chose for the stored item; null = the node's next one. */
  readonly newCas?: Readonly<CasUnique> | null
}

/** Whether the item has the expected cas unique, or any is allowed. */
export function allowsCas(store: Store, item: number, expected: CasUnique): boolean {
  return (expected.high === 0 && expected.low === 0) || hasCas(store, item, expected)
}

/** Whether the item has this cas unique; under `-C` always. */
export function hasCas({columns, useCas}: Store, item: number, expected: CasUnique): boolean {
  if (!useCas) return true
  return columns.casHigh[item] === expected.high && columns.casLow[item] === expected.low
}

/**
 * Whether a client may replace the item by one with the cas unique `newCas`. Where
 * cas uniques order versions, it must be greater: the peer would not take it otherwise.
 */
export function mayGiveCas({columns, cas}: Store, item: number, newCas: Readonly<CasUnique> | null): boolean {
  if (newCas === null || item === 0 || !cas.ordersVersions) return true
  const high = columns.casHigh[item]!
  return newCas.high > high || (newCas.high === high && newCas.low > columns.casLow[item]!)
}

/**
 * Applies a storage command to a filled item: links it or discards it, by the
 * verb's rule. Returns the linked item (a joined one for append and prepend), or
 * why nothing was stored.
 */
export function storeItem(store: Store, item: number, rule: StoreRule): number | StoreRefusal {
  const {verb, expected, vivifies = false, newCas = null} = rule
  const keyStart = store.offsetOf(item)
  const {columns} = store
  const old = store.find(store.bytesOf(item), keyStart, keyStart + columns.keyBytesOf(item), columns.hash[item]!)
  if (verb !== 'add' && !mayGiveCas(store, old, newCas)) return refuse(store, item, 'EXISTS')
  switch (verb) {
    case 'set':
      return replaceWith(store, old, item, newCas)
    case 'add':
      if (old === 0) return replaceWith(store, old, item, newCas)
      store.bump(old)
      return refuse(store, item, 'NOT_STORED')
    case 'replace':
      return old === 0 ? refuse(store, item, 'NOT_STORED') : replaceWith(store, old, item, newCas)
    case 'append':
    case 'prepend': {
      if (old === 0) return vivifies ? replaceWith(store, old, item, newCas) : refuse(store, item, 'NOT_STORED')
      return allowsCas(store, old, expected) ? join(store, {verb, old, item, newCas}) : refuse(store, item, 'EXISTS')
    }
    case 'cas':
      if (old === 0) return refuse(store, item, 'NOT_FOUND')
      return hasCas(store, old, expected) ? replaceWith(store, old, item, newCas) : refuse(store, item, 'EXISTS')
    default:
      return assertNever(verb)
  }
}

/** Links an item in the place of `old` (0 = none) with the chosen cas unique or the node's next; returns the item. */
export function replaceWith(
  store: Store,
  old: number,
  item: number,
  newCas: Readonly<CasUnique> | null = null,
): number {
  if (old !== 0) store.unlink(old)
  store.giveCas(item, newCas)
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
  {
    verb,
    old,
    item,
    newCas,
  }: {verb: 'append' | 'prepend'; old: number; item: number; newCas: Readonly<CasUnique> | null},
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
  // Making room may have evicted the item that is to grow.
  if (joined <= 0 || !store.isLinked(old)) {
    if (joined > 0) store.discard(joined)
    return refuse(store, item, 'NOT_STORED')
  }
  const [first, second] = verb === 'append' ? [old, item] : [item, old]
  const afterFirst = copyValue(store, first, joined, store.valueOffsetOf(joined))
  copyValue(store, second, joined, afterFirst)
  store.discard(item)
  columns.state[joined] = columns.state[old]! & KEY_BASE64
  return replaceWith(store, old, joined, newCas)
}

function copyValue(store: Store, from: number, to: number, at: number): number {
  const start = store.valueOffsetOf(from)
  return copyBytes(store.bytesOf(from), start, start + store.columns.valueBytes[from]!, store.bytesOf(to), at)
}
