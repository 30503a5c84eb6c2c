import {accessSync, constants, rmSync, writeFileSync} from 'node:fs'
import {dirname} from 'node:path'
import {messageOf, RepbenchError} from '../../../protocol/errors.js'
import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {FileRefusedError, readRegularFile} from '../../system/regular-file.js'
import {ChunkedInput, ChunkedOutput, checkOutput} from './chunked-file.js'
import {FETCHED, ITEM_STEP, KEY_BASE64, STALE, TOKEN_SENT} from './memory/item-columns.js'
import {hashKey} from './memory/key-index.js'
import type {Store} from './store.js'

/**
 * `-e FILE`: keeps the items of a gracefully stopped node for the next one. As in
 * memcached, FILE holds the items and FILE.meta says that FILE is complete; a node
 * removes FILE.meta when it starts, so that a crash never brings old items back.
 *
 *     record = 8 words of 32 bits, little endian, then key and value
 *     words  = key bytes, value bytes, flags, exptime, last use, state, cas high, cas low
 */
const FORMAT = 'repbench items 1'
const META_MAX_BYTES = 4096
const WORDS = 8
const KEPT_STATE = FETCHED | STALE | TOKEN_SENT | KEY_BASE64

/** Contents of FILE.meta. */
export interface KeptItems {
  readonly file: string
  readonly items: number
  /** log2 of the size of the hash table that held them. */
  readonly hashPower: number
}

/**
 * Checks at a node's start that keepItems() will be able to write the file.
 * @throws RepbenchError `ERR_KEPT_ITEMS` when it will not
 */
export function checkKeepable(file: string): void {
  try {
    accessSync(dirname(file), constants.W_OK | constants.X_OK)
    checkOutput(file)
  } catch (error) {
    throw new RepbenchError('ERR_KEPT_ITEMS', `-e: cannot write ${file}: ${messageOf(error)}`, {
      cause: error,
    })
  }
}

/**
 * Claims the items that a node has kept, so that no other node restores them; null when there are none.
 * @throws RepbenchError `ERR_KEPT_ITEMS` when FILE.meta was not written by a node
 */
export function claimKeptItems(file: string): KeptItems | null {
  const meta = `${file}.meta`
  let text: string
  try {
    text = readRegularFile(meta, {maxBytes: META_MAX_BYTES})
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    if (error instanceof FileRefusedError) throw damaged(meta, `'${FORMAT} …'`)
    throw error
  }
  const [, items, hashPower] = new RegExp(`^${FORMAT} (\\d+) (\\d+)\\n$`).exec(text) ?? []
  if (items === undefined) throw damaged(meta, `'${FORMAT} …'`)
  rmSync(meta)
  return {file, items: Number(items), hashPower: Number(hashPower)}
}

/** Undoes claimKeptItems() for a node that could not start. */
export function returnKeptItems({file, items, hashPower}: KeptItems): void {
  writeMeta(file, items, hashPower)
}

/** Writes all items of a store that no longer changes; returns how many. */
export function keepItems(store: Store, file: string): number {
  rmSync(`${file}.meta`, {force: true})
  const output = new ChunkedOutput(file)
  const words = Buffer.alloc(WORDS * 4)
  let items = 0
  for (let item = ITEM_STEP; item < store.slabs.itemsEnd; item += ITEM_STEP) {
    if (!store.isLinked(item) || store.isDead(item)) continue
    writeRecord(store, item, {words, output})
    items++
  }
  output.end()
  writeMeta(file, items, store.index.power)
  return items
}

function writeMeta(file: string, items: number, hashPower: number): void {
  writeFileSync(`${file}.meta`, `${FORMAT} ${items} ${hashPower}\n`, {flag: 'wx', mode: 0o600, flush: true})
}

/**
 * Puts kept items into an empty store; returns how many there was room for.
 * @throws RepbenchError `ERR_KEPT_ITEMS` when the file does not hold them
 */
export function restoreItems(store: Store, {file, items}: KeptItems): number {
  const input = new ChunkedInput(file)
  let restored = 0
  try {
    for (let index = 0; index < items; index++) if (readRecord(store, file, input)) restored++
  } finally {
    input.close()
  }
  return restored
}

function writeRecord(store: Store, item: number, {words, output}: {words: Buffer; output: ChunkedOutput}): void {
  const {columns} = store
  const keyBytes = columns.keyBytesOf(item)
  const valueBytes = columns.valueBytes[item]!
  words.writeUInt32LE(keyBytes, 0)
  words.writeUInt32LE(valueBytes, 4)
  words.writeUInt32LE(columns.flags[item]!, 8)
  words.writeUInt32LE(columns.exptime[item]!, 12)
  words.writeUInt32LE(columns.usedAt[item]!, 16)
  words.writeUInt32LE(columns.state[item]! & KEPT_STATE, 20)
  words.writeUInt32LE(columns.casHigh[item]!, 24)
  words.writeUInt32LE(columns.casLow[item]!, 28)
  output.write(words, 0, words.length)
  output.write(store.bytesOf(item), store.offsetOf(item), keyBytes)
  output.write(store.bytesOf(item), store.valueOffsetOf(item), valueBytes)
}

/** Restores one item; false when there was no room for it. */
function readRecord(store: Store, file: string, input: ChunkedInput): boolean {
  const words = input.read(WORDS * 4)
  if (words === null) throw damaged(file, 'more items')
  const word = (index: number) => words.readUInt32LE(index * 4)
  const [keyBytes, valueBytes] = [word(0), word(1)]
  const [usedAt, state, casHigh, casLow] = [word(4), word(5) & KEPT_STATE, word(6), word(7)]
  const header = {flags: word(2), exptime: word(3), valueBytes}
  if (keyBytes === 0 || keyBytes > KEY_MAX_BYTES) throw damaged(file, 'a key of 1 to 250 bytes')
  const content = input.read(keyBytes + valueBytes)
  if (content === null) throw damaged(file, 'more items')
  const key = {keyBuffer: content, keyStart: 0, keyEnd: keyBytes, hash: hashKey(content, 0, keyBytes)}
  const item = store.allocate({...key, ...header})
  if (item <= 0) return false
  content.copy(store.bytesOf(item), store.valueOffsetOf(item), keyBytes)
  store.columns.state[item]! |= state
  store.link(item)
  store.columns.usedAt[item] = usedAt
  store.setCas(item, casHigh, casLow)
  store.cas.witness(casHigh, casLow)
  return true
}

function damaged(file: string, expected: string): RepbenchError {
  return new RepbenchError(
    'ERR_KEPT_ITEMS',
    `${file}: expected ${expected}, got something else; delete FILE.meta to start without items`,
  )
}
