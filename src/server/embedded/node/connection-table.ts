import type {Socket} from 'node:net'
import type {NodeSettings} from './node-settings.js'

/** A listening socket of a node, or the socket of a client. */
export interface ConnectionEntry {
  /** File descriptor, which names it in `stats conns`. */
  readonly id: number
  /** Address of the client, as in `tcp:127.0.0.1:5000`; of a listener, its own. */
  readonly address: string
  /** Address of the listener that accepted the client; null for a listener. */
  readonly listenAddress: string | null
  /** In memcached's words. */
  readonly state: ConnectionState
  /** Unix seconds of the last command. */
  readonly lastCommandSeconds: number
}

export type ConnectionState = 'conn_listening' | 'conn_read' | 'conn_parse_cmd' | 'conn_nread' | 'conn_watch'

/** The open sockets of a node's client side, for `stats conns`. */
export class ConnectionTable {
  readonly #sources = new Set<() => readonly ConnectionEntry[]>()

  /** Adds a source of entries. */
  add(source: () => readonly ConnectionEntry[]): void {
    this.#sources.add(source)
  }

  /** All entries, by descriptor. */
  list(): readonly ConnectionEntry[] {
    return [...this.#sources].flatMap(source => source()).sort((a, b) => a.id - b.id)
  }
}

/** A TCP address as `stats conns` shows it. */
export function shownAddress({address, port}: {address: string; port: number}): string {
  return address.includes(':') ? `tcp6:[${address}]:${port}` : `tcp:${address}:${port}`
}

/** Address of a client, and of the listener that accepted it. */
export interface ClientPlace {
  /** null = on this host, through the UNIX socket. */
  readonly remote: {readonly address: string; readonly port: number} | null
  readonly listenAddress: string
}

export const noPlace: ClientPlace = {remote: null, listenAddress: ''}

/** Asks the system for the addresses of an accepted socket. */
export function clientPlace(
  {remoteAddress, remotePort, localAddress = '', localPort = 0}: Socket,
  {unixSocket}: Pick<NodeSettings, 'unixSocket'>,
): ClientPlace {
  if (remoteAddress === undefined || remotePort === undefined) {
    return {remote: null, listenAddress: `unix:${unixSocket?.path ?? ''}`}
  }
  return {
    remote: {address: remoteAddress, port: remotePort},
    listenAddress: shownAddress({address: localAddress, port: localPort}),
  }
}
