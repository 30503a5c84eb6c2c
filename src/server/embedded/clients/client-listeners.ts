import {lookup} from 'node:dns/promises'
import {chmodSync, lstatSync, unlinkSync} from 'node:fs'
import {createServer, type ListenOptions, type Server, type Socket} from 'node:net'
import type {Address} from '../../../protocol/address.js'
import {type ConnectionEntry, shownAddress} from '../node/connection-table.js'
import type {NodeSettings} from '../node/node-settings.js'
import {descriptorOf} from '../node/socket-adoption.js'

interface Place {
  readonly options: ListenOptions
  /** May fail: not every machine has IPv6. */
  readonly optional: boolean
}

/** The sockets on which a node listens for clients: each `-l` address, or a UNIX socket. */
export class ClientListeners {
  readonly #settings: NodeSettings
  readonly #onClient: (socket: Socket) => void
  readonly #onListening: (descriptor: number) => void
  readonly #servers: Server[] = []

  constructor(options: {
    settings: NodeSettings
    /** Gets each client paused, to be adopted. */
    onClient: (socket: Socket) => void
    onListening: (descriptor: number) => void
  }) {
    this.#settings = options.settings
    this.#onClient = options.onClient
    this.#onListening = options.onListening
  }

  /**
   * Opens all listeners or none. Resolves with the first address; for a UNIX socket
   * the host is its path, and with neither it is empty.
   * @throws the system's error when an address cannot be bound
   */
  async open(): Promise<Address> {
    const {unixSocket, host, port, alsoListen, listensTcp} = this.#settings
    try {
      if (unixSocket !== null) return await this.#openUnixSocket(unixSocket)
      if (!listensTcp) return {host: '', port: 0}
      const first = await this.#openAddress(host, port)
      for (const address of alsoListen) await this.#openAddress(address.host, address.port)
      return first
    } catch (error) {
      this.close()
      throw error
    }
  }

  /** Every TCP address that is listened on. */
  get addresses(): readonly Address[] {
    return this.#servers.map(boundAddress).filter(({port}) => port !== 0)
  }

  /** For `stats conns`. */
  entries(openedSeconds: number): readonly ConnectionEntry[] {
    return this.#servers.map(server => ({
      id: descriptorOf(server) ?? 0,
      address: shownListener(server),
      listenAddress: null,
      state: 'conn_listening',
      lastCommandSeconds: openedSeconds,
    }))
  }

  close(): void {
    for (const server of this.#servers) server.close()
    this.#servers.length = 0
  }

  async #openAddress(host: string | null, port: number): Promise<Address> {
    let opened: Address | null = null
    for (const place of await placesOf(host)) {
      try {
        // IPv6 gets the free port that was found for IPv4.
        const address = await this.#listen({...place.options, port: opened?.port ?? port})
        opened ??= address
      } catch (error) {
        if (!place.optional || !isAbsentFamily(error)) throw error
      }
    }
    return opened!
  }

  async #openUnixSocket({path, accessMask}: {path: string; accessMask: number}): Promise<Address> {
    removeStaleSocket(path)
    const umask = process.umask(~accessMask & 0o777)
    try {
      await this.#listen({path})
    } finally {
      process.umask(umask)
    }
    chmodSync(path, accessMask)
    return {host: path, port: 0}
  }

  async #listen(options: ListenOptions): Promise<Address> {
    const server = createServer(
      {pauseOnConnect: true, allowHalfOpen: true, noDelay: true, keepAlive: true},
      this.#onClient,
    )
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen({...options, backlog: this.#settings.backlog}, resolve)
    })
    this.#servers.push(server)
    this.#onListening(descriptorOf(server) ?? 0)
    return boundAddress(server)
  }
}

function shownListener(server: Server): string {
  const bound = server.address()
  return bound === null || typeof bound === 'string' ? `unix:${bound ?? ''}` : shownAddress(bound)
}

function boundAddress(server: Server): Address {
  const bound = server.address()
  return bound === null || typeof bound === 'string' ? {host: '', port: 0} : {host: bound.address, port: bound.port}
}

/** The addresses of a host name; null = all addresses. */
async function placesOf(host: string | null): Promise<readonly Place[]> {
  if (host === null) {
    return [
      {options: {host: '0.0.0.0'}, optional: false},
      {options: {host: '::', ipv6Only: true}, optional: true},
    ]
  }
  const addresses = await lookup(host, {all: true})
  return addresses.map(({address, family}, index) => ({
    options: {host: address, ipv6Only: family === 6},
    optional: index > 0,
  }))
}

function isAbsentFamily(error: unknown): boolean {
  const {code} = error as NodeJS.ErrnoException
  return code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL'
}

/** Like memcached, removes a socket that an earlier run has left, but no other file. */
function removeStaleSocket(path: string): void {
  if (lstatSync(path, {throwIfNoEntry: false})?.isSocket()) unlinkSync(path)
}
