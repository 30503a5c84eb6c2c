import type {Socket} from 'node:net'
import type {NodeSettings} from './node-settings.js'

/** A socket on which a node listens, or one of a client. */
export interface ConnectionEntry {
  /** Its file descriptor, by which `stats conns` names it. */
  readonly id: number
  /** Where the other side is: `tcp:127.0.0.1:5000`; of a listener, where that is. */
  readonly address: string
  /** By which listener a client came; null for a listener. */
  readonly listenAddress: string | null
  /** In memcached's words. */
  readonly state: ConnectionState
  /** Unix seconds of the last command. */
  readonly lastCommandSeconds: number
}

export type ConnectionState = 'conn_listening' | 'conn_read' | 'conn_parse_cmd' | 'conn_nread' | 'conn_watch'

/** Everything that is open on a node's side for clients. */
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

/** Where a client is, and by which listener it came. */
export interface ClientPlace {
  /** null = on this host, by the UNIX socket. */
  readonly remote: {readonly address: string; readonly port: number} | null
  readonly listenAddress: string
}

export const noPlace: ClientPlace = {remote: null, listenAddress: ''}

/** Asks the system about an accepted socket. */
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
