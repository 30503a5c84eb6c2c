import {setTimeout as delay} from 'node:timers/promises'
import type {Address} from '../../protocol/address.js'
import {ItemConnection, type ItemConnectionOptions} from './item-connection.js'
import {SlabDump} from './slab-dump.js'

/** Keys of a node with when they expire: Unix seconds, 0 = never. */
export type KeyList = Map<string, number>

/** Told of each key; keys are bytes: latin1, as everywhere. */
export type OnKey = (key: string, expiresAt: number) => void

const START_TOLERANCE_SECONDS = 2
const BUSY_ATTEMPTS = 50
const BUSY_WAIT_MS = 100

/** How much of what a node holds its list names; `none`: it can't list keys at all. */
export type ListExtent = 'all' | 'some' | 'none'

/**
 * Lists the keys of a node by `lru_crawler metadump all` (memcached from 1.5
 * on, and the embedded node) or else by `stats cachedump`, which memcached 1.4
 * and repcached have: 2 MB of each slab class, so not all where there are many.
 * @throws NodeUnreadableError when it can't be asked
 */
export async function eachKey(
  address: Address,
  onKey: OnKey,
  options: ItemConnectionOptions = {},
): Promise<ListExtent> {
  const connection = new ItemConnection(address, options)
  try {
    const end = await metadump(connection, onKey, options.signal)
    return end === 'END' ? 'all' : await cachedump(connection, new SlabDump(address, options), onKey)
  } finally {
    connection.close()
  }
}

/** @throws NodeUnreadableError when it can't be asked */
export async function listKeys(
  address: Address,
  options: ItemConnectionOptions = {},
): Promise<{readonly keys: KeyList; readonly extent: ListExtent}> {
  const keys: KeyList = new Map()
  const extent = await eachKey(address, (key, expiresAt) => keys.set(key, expiresAt), options)
  // A list that broke off tells nothing.
  if (extent === 'none') keys.clear()
  return {keys, extent}
}

/** How many items a node counts, those that have expired but are not removed yet among them; null where it does not say. */
export async function countItems(connection: ItemConnection): Promise<number | null> {
  return (await statsOf(connection, 'stats'))?.get('curr_items') ?? null
}

/** @returns the line that ended it */
async function metadump(connection: ItemConnection, onKey: OnKey, signal: AbortSignal | undefined): Promise<string> {
  const dump = () =>
    connection.lines('lru_crawler metadump all', line => {
      const keyEnd = line.indexOf(' exp=')
      if (!line.startsWith('key=') || keyEnd < 0) return
      const exptime = Number.parseInt(line.slice(keyEnd + 5, line.indexOf(' ', keyEnd + 5)), 10)
      onKey(decodeKey(line.slice(4, keyEnd)), Math.max(0, exptime))
    })
  let end = await dump()
  // memcached lists for one client at a time, and not while it crawls by itself.
  for (let attempt = 0; attempt < BUSY_ATTEMPTS && end.startsWith('BUSY'); attempt++) {
    await delay(BUSY_WAIT_MS, undefined, {signal})
    end = await dump()
  }
  return end
}

/** The dump escapes bytes as a URL does, the usual colon among them, so in most keys. */
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

async function cachedump(connection: ItemConnection, dump: SlabDump, onKey: OnKey): Promise<ListExtent> {
  try {
    const stats = await statsOf(connection, 'stats')
    const classes = await statsOf(connection, 'stats items')
    const items = stats?.get('curr_items')
    if (stats === null || classes === null || items === undefined) return 'none'
    // An item that never expires is shown to expire when the node started, give or take its clock's granularity.
    const startedAt = (stats.get('time') ?? 0) - (stats.get('uptime') ?? 0)
    const ids = [...classes.keys()].flatMap(name => /^items:(\d+):number$/.exec(name)?.[1] ?? [])
    let listed = 0
    for (const id of ids) {
      const keys = await dump.keysOf(id)
      if (keys === null) return 'none'
      listed += keys.length
      for (const {key, shownSeconds} of keys) {
        onKey(key, shownSeconds <= startedAt + START_TOLERANCE_SECONDS ? 0 : shownSeconds)
      }
    }
    return listed >= items ? 'all' : 'some'
  } finally {
    dump.close()
  }
}

/** Null where the node does not know the command. */
async function statsOf(connection: ItemConnection, command: string): Promise<Map<string, number> | null> {
  const stats = new Map<string, number>()
  const end = await connection.lines(command, line => {
    const [word, name = '', value = ''] = line.split(' ')
    if (word === 'STAT') stats.set(name, Number(value))
  })
  return end === 'END' ? stats : null
}
