import {readFile} from 'node:fs/promises'

/** States of a server's socket that it still counts as a client: ESTABLISHED, CLOSE_WAIT. */
const CLIENT_STATES: ReadonlySet<string> = new Set(['01', '08'])

/** One end of a connection of ours. */
export interface ConnectionEnds {
  /** Address and port of the server, as numbers, not names. */
  readonly remoteAddress: string
  readonly remotePort: number
  /** Our own end. */
  readonly localPort: number
}

/**
 * How many clients are connected to the server at the other end, from the kernel's table (Linux);
 * null when the server is on another machine, where this cannot be seen.
 */
export async function countClients(ends: ConnectionEnds): Promise<number | null> {
  try {
    for (const table of tablesFor(ends.remoteAddress)) {
      const clients = clientsIn(await readFile(table, 'latin1'), ends)
      if (clients !== null) return clients
    }
  } catch {
    // Only Linux has these tables.
  }
  return null
}

/** The same from the text of /proc/net/tcp or tcp6. */
export function clientsIn(table: string, ends: ConnectionEnds): number | null {
  const port = hexPort(ends.remotePort)
  const ownPort = hexPort(ends.localPort)
  let address: string | undefined
  const served: string[] = []
  for (const row of table.split('\n')) {
    if (!row.includes(`:${port} `)) continue
    // sl: local_address remote_address state …; addresses are HEX:PORT.
    const [, local = '', remote = '', state = ''] = row.trim().split(/\s+/)
    if (!local.endsWith(`:${port}`) || !CLIENT_STATES.has(state)) continue
    served.push(local)
    // The server's end of our own connection: that it is here shows that the server is here.
    if (remote.endsWith(`:${ownPort}`)) address = local
  }
  return address === undefined ? null : served.filter(local => local === address).length
}

/** A server that listens on all addresses of both kinds has its IPv4 clients in the table of IPv6. */
function tablesFor(address: string): string[] {
  return address.includes(':') ? ['/proc/net/tcp6'] : ['/proc/net/tcp', '/proc/net/tcp6']
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0')
}
