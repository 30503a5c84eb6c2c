import type {Address} from '../../protocol/address.js'
import {ItemConnection, type ItemConnectionOptions} from './item-connection.js'

/** Keys of a node with when they expire: Unix seconds, 0 = never; null when the node does not say. */
export type KeyList = Map<string, number | null>

/**
 * Lists the keys of a node by `lru_crawler metadump all` (memcached from 1.5
 * on, and the embedded node).
 * @returns null when the node can't list its keys
 * @throws NodeUnreadableError when it can't be asked
 */
export async function listKeys(address: Address, options: ItemConnectionOptions = {}): Promise<KeyList | null> {
  const connection = new ItemConnection(address, options)
  const keys: KeyList = new Map()
  try {
    const end = await connection.lines('lru_crawler metadump all', line => {
      const keyEnd = line.indexOf(' exp=')
      if (!line.startsWith('key=') || keyEnd < 0) return
      const exptime = Number.parseInt(line.slice(keyEnd + 5, line.indexOf(' ', keyEnd + 5)), 10)
      keys.set(decodeKey(line.slice(4, keyEnd)), Math.max(0, exptime))
    })
    return end === 'END' ? keys : null
  } finally {
    connection.close()
  }
}

/** The dump escapes bytes as a URL does. Keys are bytes: latin1 here, as everywhere. */
function decodeKey(text: string): string {
  if (!text.includes('%')) return text
  return text.replaceAll(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
