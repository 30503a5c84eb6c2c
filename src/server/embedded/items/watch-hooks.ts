import type {NodeContext} from '../node/node-context.js'
import {encodedKeyOf, encodeKey} from '../store/item-text.js'
import {FETCHED} from '../store/memory/item-columns.js'
import type {ItemHeader} from '../store/store.js'
import type {StoreRefusal} from '../store/store-item.js'

/**
 * The lines that `watch` shows, as memcached 1.6 writes them. Call these only
 * while `watchers.active`: they are not cheap.
 */

interface KeyPlace {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

const storeStatus: Readonly<Record<StoreRefusal, string>> = {
  NOT_STORED: 'not_stored',
  EXISTS: 'exists',
  NOT_FOUND: 'not_found',
}

/** A key was looked up; `item` is what was found, 0 = nothing. */
export function watchFetch({store, watchers}: NodeContext, {bytes, start, end}: KeyPlace, item: number): void {
  if (!watchers.follows('fetchers')) return
  const {columns} = store
  const found = item !== 0
  const facts = [
    `key=${encodeKey(bytes, start, end)}`,
    `status=${found ? 'found' : 'not_found'}`,
    `clsid=${found ? columns.classIdOf(item) : 0}`,
    `cfd=${watchers.client}`,
    `size=${found ? columns.valueBytes[item] : 0}`,
  ]
  watchers.tell('fetchers', `type=item_get ${facts.join(' ')}`)
}

/** A filled item is about to be stored; returns a function that takes the result. Like memcached it first looks up the old item. */
export function watchStore(context: NodeContext, verb: string, item: number): (result: number | StoreRefusal) => void {
  const {store, clock} = context
  const {columns} = store
  const bytes = store.bytesOf(item)
  const start = store.offsetOf(item)
  const end = start + columns.keyBytesOf(item)
  watchFetch(context, {bytes, start, end}, store.find(bytes, start, end, columns.hash[item]!))
  const exptime = columns.exptime[item]!
  const told = {
    key: encodeKey(bytes, start, end),
    verb,
    ttl: exptime === 0 ? 0 : Math.max(0, exptime - clock.nowSeconds),
    classId: columns.classIdOf(item),
    valueBytes: columns.valueBytes[item]!,
  }
  return result => tellStore(context, {...told, status: typeof result === 'number' ? 'stored' : storeStatus[result]})
}

/** A storage command failed: its item is too large, or memory is full. */
export function watchFailedStore(
  context: NodeContext,
  verb: string,
  {header, tooLarge}: {header: ItemHeader; tooLarge: boolean},
): void {
  const key = encodeKey(header.keyBuffer, header.keyStart, header.keyEnd)
  tellStore(context, {key, verb, ttl: 0, classId: 0, valueBytes: 0, status: tooLarge ? 'too_large' : 'no_memory'})
}

function tellStore(
  {watchers}: NodeContext,
  told: {key: string; verb: string; ttl: number; classId: number; valueBytes: number; status: string},
): void {
  if (!watchers.follows('mutations')) return
  const facts = [
    `key=${told.key}`,
    `status=${told.status}`,
    `cmd=${told.verb}`,
    `ttl=${told.ttl}`,
    `clsid=${told.classId}`,
    `cfd=${watchers.client}`,
    `size=${told.valueBytes}`,
  ]
  watchers.tell('mutations', `type=item_store ${facts.join(' ')}`)
}

/** An item is about to be deleted by a command. */
export function watchDeletion({store, watchers}: NodeContext, item: number, verb: 'delete' | 'md'): void {
  if (!watchers.follows('deletions')) return
  const {columns} = store
  const place = `clsid=${columns.classIdOf(item)} size=${columns.valueBytes[item]}`
  watchers.tell('deletions', `type=deleted key=${encodedKeyOf(store, item)} cmd=${verb} ${place}`)
}

/** An item is about to be evicted. */
export function watchEviction({store, watchers, clock}: NodeContext, item: number): void {
  if (!watchers.follows('evictions')) return
  const {columns} = store
  const exptime = columns.exptime[item]!
  const facts = [
    `key=${encodedKeyOf(store, item)}`,
    `fetch=${(columns.state[item]! & FETCHED) === 0 ? 'no' : 'yes'}`,
    `ttl=${exptime === 0 ? -1 : exptime - clock.nowSeconds}`,
    `la=${clock.nowSeconds - columns.usedAt[item]!}`,
    `clsid=${columns.classIdOf(item)}`,
    `size=${columns.valueBytes[item]}`,
  ]
  watchers.tell('evictions', `type=eviction ${facts.join(' ')}`)
}

/** A client connected or disconnected. */
export function watchConnection(
  {watchers}: NodeContext,
  event: {
    id: number
    /** null = through the UNIX socket. */
    remote: {address: string; port: number} | null
    /** null = it connected. */
    closedFor: 'error' | 'normal' | 'idle_timeout' | 'shutdown' | null
  },
): void {
  if (!watchers.follows('connevents')) return
  const {id, remote, closedFor} = event
  const facts = [
    `type=${closedFor === null ? 'conn_new' : 'conn_close'}`,
    `rip=${remote?.address ?? 'unix'}`,
    `rport=${remote?.port ?? 0}`,
    `transport=${remote === null ? 'local' : 'tcp'}`,
    ...(closedFor === null ? [] : [`reason=${closedFor}`]),
    `cfd=${id}`,
  ]
  watchers.tell('connevents', facts.join(' '))
}
