import {once} from 'node:events'
import net from 'node:net'
import {BinaryClient} from './binary-client.js'

interface Target {
  readonly host: string
  readonly port: number
}

/** An item as a second program sees it. */
export interface SeenItem {
  readonly flags: number
  /** Unix seconds, 0 = never. */
  readonly expiresAt: number
  readonly value: Buffer
}

/**
 * An instrument: all items of a server, keys as latin1. It shares no code with what it checks: exptimes are those of
 * `lru_crawler metadump`, the rest is read by the binary protocol, key by key.
 */
export async function readAllItems(target: Target): Promise<Map<string, SeenItem>> {
  const client = await BinaryClient.open(target)
  const items = new Map<string, SeenItem>()
  try {
    for (const [key, expiresAt] of await listExptimes(target)) {
      const item = await client.get(Buffer.from(key, 'latin1'))
      if (item !== null) items.set(key, {...item, expiresAt})
    }
  } finally {
    client.close()
  }
  return items
}

async function listExptimes(target: Target): Promise<Map<string, number>> {
  const socket = net.connect({...target, noDelay: true})
  await once(socket, 'connect')
  socket.write('lru_crawler metadump all\r\n')
  const chunks: Buffer[] = []
  for await (const chunk of socket) {
    chunks.push(chunk as Buffer)
    if (Buffer.concat(chunks.slice(-2)).subarray(-5).toString('latin1') === 'END\r\n') break
  }
  socket.destroy()
  const text = Buffer.concat(chunks).toString('latin1')
  return new Map(
    [...text.matchAll(/^key=(\S+) exp=(-?\d+) /gm)].map(([, key, exp]) => [unescaped(key!), Math.max(0, Number(exp))]),
  )
}

function unescaped(key: string): string {
  return key.replaceAll(/%([\dA-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}
