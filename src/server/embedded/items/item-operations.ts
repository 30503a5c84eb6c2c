import {readUint64} from '../../../protocol/text/c-numbers.js'
import type {StorageVerb} from '../../../protocol/text/command.js'
import type {NodeContext} from '../node/node-context.js'
import {casText, casTextOf} from '../store/item-text.js'
import {FETCHED, KEY_BASE64, STALE, TOKEN_SENT} from '../store/memory/item-columns.js'
import {hashKey} from '../store/memory/key-index.js'
import {type ItemHeader, type Store, TOO_LARGE} from '../store/store.js'
import {
  ANY_CAS,
  allowsCas,
  type CasUnique,
  hasCas,
  mayGiveCas,
  replaceWith,
  type StoreRefusal,
  type StoreRule,
  storeItem,
} from '../store/store-item.js'
import {watchDeletion, watchFailedStore, watchFetch, watchStore} from './watch-hooks.js'

const MODULO = 1n << 64n

/**
 * What commands do to items, in every protocol: change the store, count, and
 * hand the change over for the peer. Results are tags and item numbers; each
 * protocol puts them into its own words.
 */

/** A key's place in a buffer, and its hash. */
export type KeyRef = Pick<ItemHeader, 'keyBuffer' | 'keyStart' | 'keyEnd' | 'hash'>

/** A get of the key in bytes[keyStart, keyEnd): the live item, or 0. */
export function fetchItem(context: NodeContext, bytes: Buffer, keyStart: number, keyEnd: number): number {
  const {store, counters, prefixes} = context
  counters.cmdGet++
  const {foundExpired, foundFlushed} = store.counters
  const item = store.find(bytes, keyStart, keyEnd, hashKey(bytes, keyStart, keyEnd))
  if (prefixes.enabled) prefixes.countGet(bytes, keyStart, keyEnd, item !== 0)
  if (context.watchers.active) watchFetch(context, {bytes, start: keyStart, end: keyEnd}, item)
  if (item === 0) {
    counters.getMisses++
    counters.getExpired += store.counters.foundExpired - foundExpired
    counters.getFlushed += store.counters.foundFlushed - foundFlushed
    return 0
  }
  counters.slabs.getHits[store.columns.classIdOf(item)]!++
  store.used(item)
  return item
}

/**
 * Makes the item that a storage command fills with its data. Returns its number,
 * or TOO_LARGE or OUT_OF_MEMORY; then a `set` removes the old item, which would
 * otherwise look like the result of the set.
 */
export function beginStore(context: NodeContext, verb: StorageVerb, header: ItemHeader): number {
  const {store, prefixes, counters} = context
  if (prefixes.enabled) prefixes.countSet(header.keyBuffer, header.keyStart, header.keyEnd)
  const item = store.allocate(header)
  if (item > 0) return item
  const tooLarge = item === TOO_LARGE
  if (tooLarge) counters.storeTooLarge++
  else counters.storeNoMemory++
  if (context.watchers.active) watchFailedStore(context, verb, {header, tooLarge})
  if (verb === 'set') removeItem(context, header)
  return item
}

/**
 * Applies a storage command to its filled item. Returns the number of the item
 * that is stored now, or why nothing was stored.
 */
export function finishStore(context: NodeContext, item: number, rule: StoreRule): number | StoreRefusal {
  const {store, counters, toPeer} = context
  counters.slabs.cmdSet[store.columns.classIdOf(item)]!++
  if (rule.verb === 'cas') countCas(context, item, rule.expected)
  const tellResult = context.watchers.active ? watchStore(context, rule.verb, item) : null
  const result = storeItem(store, item, rule)
  tellResult?.(result)
  if (typeof result !== 'number') return result
  const keyStart = store.offsetOf(result)
  toPeer.stored(store.bytesOf(result), keyStart, keyStart + store.columns.keyBytesOf(result))
  return result
}

/** memcached counts a cas in the slab class of the old item. */
function countCas({store, counters, log}: NodeContext, item: number, expected: CasUnique): void {
  const {columns} = store
  const keyStart = store.offsetOf(item)
  const old = store.find(store.bytesOf(item), keyStart, keyStart + columns.keyBytesOf(item), columns.hash[item]!)
  if (old === 0) {
    counters.casMisses++
  } else if (hasCas(store, old, expected)) {
    counters.slabs.casHits[columns.classIdOf(old)]!++
  } else {
    counters.slabs.casBadval[columns.classIdOf(old)]!++
    if (log.shows(2)) log.line(2, `CAS:  failure: expected ${casText(store, old)}, got ${casTextOf(expected)}`)
  }
}

/** Drops the item of a storage command whose data block did not end with CRLF. */
export function failStore({store, counters}: NodeContext, item: number): void {
  counters.slabs.cmdSet[store.columns.classIdOf(item)]!++
  store.discard(item)
}

export type CounterVerb = 'incr' | 'decr'

export type DeltaOutcome =
  | {readonly type: 'counted'; readonly value: bigint; readonly item: number; readonly created: boolean}
  | {readonly type: 'notFound' | 'exists' | 'notNumeric' | 'outOfMemory'}

/** incr and decr; in binary and meta an absent key may get an initial value. */
export function countItem(
  context: NodeContext,
  key: KeyRef,
  options: {
    verb: CounterVerb
    delta: bigint
    expected?: CasUnique
    /** Initial value for an absent key; `exptime` in seconds, as the client gave it. */
    create?: {initial: bigint; exptime: number} | null
    /** The cas unique that the client chose for the result; null = the node's next one. */
    newCas?: CasUnique | null
  },
): DeltaOutcome {
  const {store, counters, clock} = context
  const {verb, delta, expected = ANY_CAS, create = null, newCas = null} = options
  const old = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (old === 0) {
    if (create !== null) {
      const exptime = clock.expiryOf(create.exptime)
      return putCounter(context, key, {value: create.initial, flags: 0, exptime, old, newCas})
    }
    counters[verb === 'incr' ? 'incrMisses' : 'decrMisses']++
    return {type: 'notFound'}
  }
  const {columns} = store
  if (columns.valueBytes[old] === 0) return {type: 'notNumeric'}
  if (!allowsCas(store, old, expected) || !mayGiveCas(store, old, newCas)) return {type: 'exists'}
  const valueStart = store.valueOffsetOf(old)
  const value = readUint64(store.bytesOf(old), valueStart, valueStart + columns.valueBytes[old]!)
  if (value === null) return {type: 'notNumeric'}
  counters.slabs[verb === 'incr' ? 'incrHits' : 'decrHits'][columns.classIdOf(old)]!++
  return putCounter(context, key, {
    value: addDelta(value, delta, verb),
    flags: columns.flags[old]!,
    exptime: columns.exptime[old]!,
    old,
    newCas,
  })
}

/** memcached's incr wraps at 2^64; its decr stops at 0. */
function addDelta(value: bigint, delta: bigint, verb: CounterVerb): bigint {
  if (verb === 'incr') return (value + delta) % MODULO
  return delta > value ? 0n : value - delta
}

function putCounter(
  {store, toPeer}: NodeContext,
  key: KeyRef,
  {
    value,
    flags,
    exptime,
    old,
    newCas,
  }: {value: bigint; flags: number; exptime: number; old: number; newCas: CasUnique | null},
): DeltaOutcome {
  const text = value.toString()
  const item = store.allocate({...key, flags, exptime, valueBytes: text.length})
  if (item <= 0) return {type: 'outOfMemory'}
  store.bytesOf(item).write(text, store.valueOffsetOf(item), 'latin1')
  // Making room may have evicted the old item.
  const replaced = old !== 0 && store.isLinked(old) ? old : 0
  if (replaced !== 0) keepMarks(store, replaced, item)
  replaceWith(store, replaced, item, newCas)
  toPeer.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  return {type: 'counted', value, item, created: old === 0}
}

/** Keeps the marks of meta commands as memcached does: all of them while the number does not get longer. */
function keepMarks({columns}: Store, from: number, to: number): void {
  const fits = columns.valueBytes[to]! <= columns.valueBytes[from]!
  columns.state[to] = columns.state[from]! & (fits ? FETCHED | STALE | TOKEN_SENT | KEY_BASE64 : KEY_BASE64)
}

/** The `delete` command; with `expected`, only for an item with that cas unique. */
export function deleteItem(
  context: NodeContext,
  key: KeyRef,
  expected: CasUnique = ANY_CAS,
  verb: 'delete' | 'md' = 'delete',
): 'DELETED' | 'NOT_FOUND' | 'EXISTS' {
  const {store, counters, prefixes} = context
  if (prefixes.enabled) prefixes.countDelete(key.keyBuffer, key.keyStart, key.keyEnd)
  const item = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (item === 0) {
    counters.deleteMisses++
    return 'NOT_FOUND'
  }
  if (!allowsCas(store, item, expected)) return 'EXISTS'
  if (context.watchers.active) watchDeletion(context, item, verb)
  counters.slabs.deleteHits[store.columns.classIdOf(item)]!++
  unlinkItem(context, key, item)
  return 'DELETED'
}

/** Removes the item under a key, here and at the peer, without counting a command. */
export function removeItem(context: NodeContext, key: KeyRef): void {
  const item = context.store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (item !== 0) unlinkItem(context, key, item)
}

function unlinkItem({store, toPeer}: NodeContext, key: KeyRef, item: number): void {
  store.unlink(item)
  toPeer.deleted(key.keyBuffer, key.keyStart, key.keyEnd)
}

/**
 * touch and gat (which 1.4.13 counts as a touch only): the item, or 0.
 * @param exptime in seconds, as the client gave it
 */
export function touchItem(context: NodeContext, key: KeyRef, exptime: number): number {
  const {store, counters, clock, toPeer} = context
  counters.cmdTouch++
  const item = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (context.watchers.active) watchFetch(context, {bytes: key.keyBuffer, start: key.keyStart, end: key.keyEnd}, item)
  if (item === 0) {
    counters.touchMisses++
    return 0
  }
  counters.slabs.touchHits[store.columns.classIdOf(item)]!++
  store.used(item)
  store.columns.exptime[item] = clock.expiryOf(exptime)
  toPeer.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  return item
}

/** flush_all: at once for a delay of 0 or less, else at the time that the delay means as an exptime. */
export function flushItems({store, counters, clock, toPeer}: NodeContext, delay: number): void {
  counters.cmdFlush++
  const atSeconds = delay === 0 ? 0 : clock.expiryOf(delay)
  if (atSeconds <= clock.nowSeconds) {
    store.flush()
    toPeer.flushed(null)
  } else {
    store.flushAt(atSeconds)
    toPeer.flushed(atSeconds)
  }
}
