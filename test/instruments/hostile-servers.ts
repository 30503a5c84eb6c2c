import {once} from 'node:events'
import net from 'node:net'
import {faultyMemcached} from './hostile/faulty-memcached.ts'
import type {Hostility} from './hostile/hostility.ts'
import {decent} from './hostile/manners.ts'
import {notMemcached} from './hostile/not-memcached.ts'

export const hostilities: readonly Hostility[] = [...notMemcached, ...faultyMemcached]

/** For commands that need two servers. */
export const decentServer: Hostility = {name: 'decent', does: 'is a decent memcached', meet: decent()}

/** A hostile server that is open. */
export class HostileServer {
  readonly address: {readonly host: string; readonly port: number}
  /** Resolves when the first connection comes. */
  readonly met: Promise<void>
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()

  private constructor(server: net.Server, {meet}: Hostility) {
    this.#server = server
    this.address = {host: '127.0.0.1', port: (server.address() as net.AddressInfo).port}
    const {promise, resolve} = Promise.withResolvers<void>()
    this.met = promise
    server.on('connection', socket => {
      resolve()
      this.#sockets.add(socket)
      // A pending answer each.
      socket.setMaxListeners(0)
      socket.on('error', () => {})
      socket.on('close', () => this.#sockets.delete(socket))
      meet(socket)
    })
  }

  static async open(hostility: Hostility): Promise<HostileServer> {
    const server = net.createServer({noDelay: true}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new HostileServer(server, hostility)
  }

  /** How many connections it has now. */
  get connections(): number {
    return this.#sockets.size
  }

  async close(): Promise<void> {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
    await once(this.#server, 'close')
  }
}
