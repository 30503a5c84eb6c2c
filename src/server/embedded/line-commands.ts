import {readSigned, readUnsigned, readUnsigned64} from '../../protocol/ascii.js'
import type {CommandLine} from '../../protocol/command-line.js'
import {KEY_MAX_BYTES} from '../../protocol/limits.js'
import {addDelta, readCounter} from './arithmetic.js'
import {hashKey} from './key-index.js'
import type {NodeContext} from './node-context.js'
import type {ItemHeader} from './store.js'
import {replaceWith} from './store-item.js'

/** Commands of one line with an answer of one line. Each takes the command's words and returns the answer. */

export const BAD_FORMAT = 'CLIENT_ERROR bad command line format'

/** memcached 1.4.13's MAX_VERBOSITY_LEVEL for the `verbosity` command. */
const VERBOSITY_MAX = 2

/** Where a key stands, and its hash. */
export type KeyRef = Pick<ItemHeader, 'keyBuffer' | 'keyStart' | 'keyEnd' | 'hash'>

/** Points `key` at the second word of the line. */
export function keyOf<Key extends KeyRef>(line: CommandLine, key: Key): Key {
  key.keyBuffer = line.bytes
  key.keyStart = line.start(1)
  key.keyEnd = line.end(1)
  key.hash = hashKey(line.bytes, key.keyStart, key.keyEnd)
  return key
}

function keyIn(line: CommandLine): KeyRef {
  return keyOf(line, {keyBuffer: line.bytes, keyStart: 0, keyEnd: 0, hash: 0})
}

/** `incr|decr <key> <delta> [noreply]` */
export function addToCounter(context: NodeContext, line: CommandLine, verb: 'incr' | 'decr'): string {
  if (line.count !== 3 && line.count !== 4) return 'ERROR'
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  const delta = readUnsigned64(line.bytes, line.start(2), line.end(2))
  if (delta === null) return 'CLIENT_ERROR invalid numeric delta argument'
  const {store, counters, changes} = context
  const {columns} = store
  const key = keyIn(line)
  const old = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (old === 0) {
    counters[verb === 'incr' ? 'incrMisses' : 'decrMisses']++
    return 'NOT_FOUND'
  }
  const valueStart = store.valueOffsetOf(old)
  const value = readCounter(store.bytesOf(old), valueStart, valueStart + columns.valueBytes[old]!)
  if (value === null) return 'CLIENT_ERROR cannot increment or decrement non-numeric value'
  counters[verb === 'incr' ? 'incrHits' : 'decrHits']++
  const text = addDelta(value, delta, verb).toString()
  const item = store.allocate({
    ...key,
    flags: columns.flags[old]!,
    exptime: columns.exptime[old]!,
    valueBytes: text.length,
  })
  if (item <= 0) return 'SERVER_ERROR out of memory'
  store.bytesOf(item).write(text, store.valueOffsetOf(item), 'latin1')
  // Making room may have evicted the old item.
  replaceWith(store, store.isLinked(old) ? old : 0, item)
  changes.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  return text
}

/** `delete <key> [0] [noreply]` */
export function deleteItem(context: NodeContext, line: CommandLine): string {
  if (line.count < 2 || line.count > 4) return 'ERROR'
  if (line.count > 2) {
    const zero = line.is(2, '0')
    const noreply = line.endsWithNoreply()
    if (line.count === 3 ? !zero && !noreply : !zero || !noreply) {
      return `${BAD_FORMAT}.  Usage: delete <key> [noreply]`
    }
  }
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  const found = removeItem(context, keyIn(line))
  context.counters[found ? 'deleteHits' : 'deleteMisses']++
  return found ? 'DELETED' : 'NOT_FOUND'
}

/** Deletes the item under a key, here and at the peer; false when there is none. */
export function removeItem({store, changes}: NodeContext, key: KeyRef): boolean {
  const item = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  if (item === 0) return false
  store.unlink(item)
  changes.deleted(key.keyBuffer, key.keyStart, key.keyEnd)
  return true
}

/** `touch <key> <exptime> [noreply]` */
export function touchItem({store, counters, clock, changes}: NodeContext, line: CommandLine): string {
  if (line.count !== 3 && line.count !== 4) return 'ERROR'
  if (line.length(1) > KEY_MAX_BYTES) return BAD_FORMAT
  const exptime = readSigned(line.bytes, line.start(2), line.end(2))
  if (Number.isNaN(exptime)) return 'CLIENT_ERROR invalid exptime argument'
  const key = keyIn(line)
  const item = store.find(key.keyBuffer, key.keyStart, key.keyEnd, key.hash)
  counters.cmdTouch++
  if (item === 0) {
    counters.touchMisses++
    return 'NOT_FOUND'
  }
  counters.touchHits++
  store.used(item)
  store.columns.exptime[item] = clock.expiryOf(exptime)
  changes.stored(key.keyBuffer, key.keyStart, key.keyEnd)
  return 'TOUCHED'
}

/** `flush_all [delay] [noreply]`; a delay of 0 or less means now. */
export function flushAll({store, counters, clock, changes}: NodeContext, line: CommandLine): string {
  if (line.count > 3) return 'ERROR'
  const words = line.count - (line.endsWithNoreply() ? 1 : 0)
  const delay = words > 1 ? readSigned(line.bytes, line.start(1), line.end(1)) : 0
  if (Number.isNaN(delay)) return BAD_FORMAT
  counters.cmdFlush++
  const atSeconds = delay === 0 ? 0 : clock.expiryOf(delay)
  if (atSeconds <= clock.nowSeconds) {
    store.flush()
    changes.flushed(null)
  } else {
    store.flushAt(atSeconds)
    changes.flushed(atSeconds)
  }
  return 'OK'
}

/** `verbosity <level> [noreply]`; like memcached it takes anything that is no number for 0. */
export function setVerbosity({settings}: NodeContext, line: CommandLine): string {
  if (line.count !== 2 && line.count !== 3) return 'ERROR'
  const level = readUnsigned(line.bytes, line.start(1), line.end(1))
  settings.verbosity = Number.isNaN(level) ? 0 : Math.min(level, VERBOSITY_MAX)
  return 'OK'
}
