import type {Clock} from '../../src/server/embedded/store/clock.js'
import {hashKey} from '../../src/server/embedded/store/memory/key-index.js'
import type {Store} from '../../src/server/embedded/store/store.js'

interface Stored {
  readonly flags?: number
  /** As a client gives it. */
  readonly exptime?: number
  readonly cas?: number
  readonly syncMark?: number
}

/** Stores an item without a node around it; returns its number. */
export function storeItem(
  {store, clock}: {readonly store: Store; readonly clock: Clock},
  name: string,
  value: string,
  {flags = 0, exptime = 0, cas = 1, syncMark = 0}: Stored = {},
): number {
  const key = Buffer.from(name, 'latin1')
  const hash = hashKey(key, 0, key.length)
  const item = store.allocate({
    keyBuffer: key,
    keyStart: 0,
    keyEnd: key.length,
    hash,
    flags,
    exptime: clock.expiryOf(exptime),
    valueBytes: value.length,
  })
  if (item <= 0) throw new Error(`Expected room for ${name}, got none`)
  const bytes = store.bytesOf(item)
  bytes.write(`${value}\r\n`, store.valueOffsetOf(item), 'latin1')
  store.setCas(item, Math.floor(cas / 2 ** 32), cas >>> 0)
  const old = store.find(key, 0, key.length, hash)
  if (old !== 0) store.unlink(old)
  store.link(item)
  store.columns.setSyncMark(item, syncMark)
  return item
}

/** What a store holds under a key; null: nothing. */
export function heldItem(store: Store, name: string) {
  const key = Buffer.from(name, 'latin1')
  const item = store.find(key, 0, key.length, hashKey(key, 0, key.length))
  if (item === 0) return null
  const {columns} = store
  const start = store.valueOffsetOf(item)
  return {
    value: store.bytesOf(item).toString('latin1', start, start + columns.valueBytes[item]!),
    flags: columns.flags[item],
    exptime: columns.exptime[item],
    cas: columns.casHigh[item]! * 2 ** 32 + columns.casLow[item]!,
    syncMark: columns.syncMarkOf(item),
  }
}
