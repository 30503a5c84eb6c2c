import {setTimeout as delay} from 'node:timers/promises'
import {AskError} from '../../../ask/ask-error.js'
import type {Address} from '../../../protocol/address.js'
import {KEY_MAX_BYTES} from '../../../protocol/limits.js'
import {ItemConnection, type ItemConnectionOptions} from './item-connection.js'
import {SlabDump} from './slab-dump.js'

/** Keys of a node with their exptimes: Unix seconds, 0 = never. */
export type KeyList = Map<string, number>

/** Called with each key; keys are bytes, as latin1. `bytes`: of its item, as the server counts them. */
export type OnKey = (key: string, expiresAt: number, bytes: number, line: string) => void

const START_TOLERANCE_SECONDS = 2
/** memcached 1.4.31 to 1.5.3 has metadump, and does not say where it ends. */
const dumpsWithoutEnd = /^1\.(?:4\.3[1-9]|5\.[0-3])$/
/** Limit of keys: twice what a node counts, and these. */
const KEYS_MORE = 10_000
/** Limit of keys when the node does not count. */
const KEYS_UNKNOWN = 10_000_000
/** Where the longest key ends when each byte is escaped. */
const LISTED_KEY_END = 'key='.length + KEY_MAX_BYTES * 3
const BUSY_ATTEMPTS = 50
const BUSY_WAIT_MS = 100

/** How many of its keys a node listed; `none`: it cannot list keys. */
export type ListExtent = 'all' | 'some' | 'none'

/**
 * How keys were listed. `hash`: the table of all items, in which nothing is missed. `lru`: lists that items move in, so
 * that those in use meanwhile may be missed. `slabs`: slab classes, of each only 2 MB.
 */
type ListWay = 'hash' | 'lru' | 'slabs'

export interface Listing {
  readonly extent: ListExtent
  readonly way: ListWay
}

/**
 * Lists the keys of a node by `lru_crawler metadump` (memcached 1.5 and later, and the embedded node) or else by
 * `stats cachedump` (memcached 1.4 and repcached). The number of keys is limited by what the node counts.
 * @throws AskError when it cannot be asked
 */
export async function eachKey(address: Address, onKey: OnKey, options: ItemConnectionOptions = {}): Promise<Listing> {
  const connection = new ItemConnection(address, options)
  try {
    const {version, stats} = await factsOf(connection)
    const keysMax = keysMaxOf(stats)
    for (const way of dumpsWithoutEnd.test(version) ? [] : (['hash', 'lru'] as const)) {
      const end = await metadump(connection, {way, onKey, keysMax, signal: options.signal})
      if (end === 'END') return {extent: 'all', way}
      if (end === 'ERROR' || end.startsWith('BUSY')) break
    }
    const dump = new SlabDump(address, options)
    return {extent: await cachedump(connection, {dump, stats, keysMax, onKey}), way: 'slabs'}
  } finally {
    connection.close()
  }
}

/** All keys of a node at once. @throws AskError when it cannot be asked */
export async function listKeys(
  address: Address,
  options: ItemConnectionOptions = {},
): Promise<{readonly keys: KeyList; readonly extent: ListExtent}> {
  const keys: KeyList = new Map()
  const {extent} = await eachKey(address, (key, expiresAt) => keys.set(key, expiresAt), options)
  // A list that broke off proves nothing.
  if (extent === 'none') keys.clear()
  return {keys, extent}
}

/** How many items a node counts, expired ones not yet removed included; null when it does not say. */
export async function countItems(connection: ItemConnection): Promise<number | null> {
  return (await statsOf(connection, 'stats'))?.get('curr_items') ?? null
}

/** Items may be added while they are listed. */
function keysMaxOf(stats: ReadonlyMap<string, number> | null): number {
  const items = stats?.get('curr_items') ?? Number.NaN
  return Number.isFinite(items) ? items * 2 + KEYS_MORE : KEYS_UNKNOWN
}

interface Metadump {
  readonly way: 'hash' | 'lru'
  readonly onKey: OnKey
  readonly keysMax: number
  readonly signal: AbortSignal | undefined
}

/** @returns the line that ended it */
async function metadump(connection: ItemConnection, {way, onKey, keysMax, signal}: Metadump): Promise<string> {
  const onLine = (line: string): void => {
    const keyEnd = line.indexOf(' exp=')
    if (!line.startsWith('key=') || keyEnd < 0 || keyEnd > LISTED_KEY_END) return
    const exptime = Number.parseInt(line.slice(keyEnd + 5, line.indexOf(' ', keyEnd + 5)), 10)
    const key = decodeKey(line.slice(4, keyEnd))
    // Up to 1.5.14 memcached has no room for 250 escaped bytes, and shows what stands behind them.
    if (key.length <= KEY_MAX_BYTES) onKey(key, Math.max(0, exptime), sizeIn(line), line)
  }
  const limits = {maxLines: keysMax, maxBytes: Number.POSITIVE_INFINITY}
  const dump = () => connection.lines(`lru_crawler metadump ${way === 'hash' ? 'hash' : 'all'}`, onLine, limits)
  let end = await dump()
  // memcached lists for one client at a time, and not while its own crawler runs or its table grows.
  for (let attempt = 0; attempt < BUSY_ATTEMPTS && /^BUSY|^ERROR locked/.test(end); attempt++) {
    await delay(BUSY_WAIT_MS, undefined, {signal})
    end = await dump()
  }
  return end
}

function sizeIn(line: string): number {
  return Number.parseInt(line.slice(line.lastIndexOf(' size=') + ' size='.length), 10)
}

/** The dump escapes bytes as a URL does; even the usual colon, so most keys have one. */
function decodeKey(text: string): string {
  let percent = text.indexOf('%')
  if (percent < 0) return text
  let key = ''
  let from = 0
  while (percent >= 0) {
    key += text.slice(from, percent) + String.fromCharCode(Number.parseInt(text.slice(percent + 1, percent + 3), 16))
    from = percent + 3
    percent = text.indexOf('%', from)
  }
  return key + text.slice(from)
}

interface Cachedump {
  readonly dump: SlabDump
  readonly stats: ReadonlyMap<string, number> | null
  readonly keysMax: number
  readonly onKey: OnKey
}

async function cachedump(connection: ItemConnection, {dump, stats, keysMax, onKey}: Cachedump): Promise<ListExtent> {
  try {
    const classes = await statsOf(connection, 'stats items')
    const items = stats?.get('curr_items')
    if (stats === null || classes === null || items === undefined) return 'none'
    // An item that never expires is shown to expire at the node's start, rounded by its clock.
    const startedAt = (stats.get('time') ?? 0) - (stats.get('uptime') ?? 0)
    const ids = [...classes.keys()].flatMap(name => /^items:(\d+):number$/.exec(name)?.[1] ?? [])
    let listed = 0
    for (const id of ids) {
      const keys = await dump.keysOf(id)
      if (keys === null) return 'none'
      listed += keys.length
      if (listed > keysMax) throw tooMany(connection.address, keysMax)
      for (const {key, shownSeconds, bytes} of keys) {
        onKey(key, shownSeconds <= startedAt + START_TOLERANCE_SECONDS ? 0 : shownSeconds, bytes, '')
      }
    }
    return listed >= items ? 'all' : 'some'
  } finally {
    dump.close()
  }
}

function tooMany(address: Address, keysMax: number): AskError {
  return new AskError({code: 'ERR_ASK_TOO_LONG', address, expected: 'keys', got: `more than ${keysMax} of them`})
}

/** `stats` and what they say the version is. */
async function factsOf(connection: ItemConnection): Promise<{version: string; stats: Map<string, number> | null}> {
  let version = ''
  const stats = await statsOf(connection, 'stats', (name, value) => {
    if (name === 'version') version = value
  })
  return {version, stats}
}

/** Null when the node does not know the command. */
async function statsOf(
  connection: ItemConnection,
  command: string,
  onStat: (name: string, value: string) => void = () => {},
): Promise<Map<string, number> | null> {
  const stats = new Map<string, number>()
  const end = await connection.lines(command, line => {
    const [word, name = '', value = ''] = line.split(' ')
    if (word !== 'STAT') return
    stats.set(name, Number(value))
    onStat(name, value)
  })
  return end === 'END' ? stats : null
}
