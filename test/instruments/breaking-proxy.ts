import {once} from 'node:events'
import net from 'node:net'

export type Breaking =
  /** FIN. */
  | 'closes'
  /** RST. */
  | 'resets'
  /** A TLS alert in place of a reply, then FIN. */
  | 'speaks TLS'

/** handshake_failure, as a TLS server answers what is no handshake. */
const TLS_ALERT = Buffer.from([0x15, 0x03, 0x01, 0x00, 0x02, 0x02, 0x28])

interface Target {
  readonly host: string
  readonly port: number
}

/**
 * An instrument: stands before a server and passes on so many bytes of its replies, in the middle of one if need be.
 * Then it breaks every connection there is, and each new one as soon as it has come.
 */
export class BreakingProxy {
  readonly address: Target
  readonly #server: net.Server
  readonly #target: Target
  readonly #manner: Breaking
  readonly #clients = new Set<net.Socket>()
  #leftBytes: number

  private constructor(
    server: net.Server,
    {target, manner, afterBytes}: {target: Target; manner: Breaking; afterBytes: number},
  ) {
    this.#server = server
    this.#target = target
    this.#manner = manner
    this.#leftBytes = afterBytes
    this.address = {host: '127.0.0.1', port: (server.address() as net.AddressInfo).port}
    server.on('connection', client => this.#serve(client))
  }

  static async open(options: {target: Target; manner: Breaking; afterBytes: number}): Promise<BreakingProxy> {
    const server = net.createServer({noDelay: true}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new BreakingProxy(server, options)
  }

  /** Whether it has come to that. */
  get hasBroken(): boolean {
    return this.#leftBytes <= 0
  }

  close(): void {
    this.#server.close()
    for (const client of this.#clients) client.destroy()
  }

  #serve(client: net.Socket): void {
    client.on('error', () => {})
    if (this.hasBroken) {
      this.#break(client)
      return
    }
    this.#clients.add(client)
    const upstream = net.connect(this.#target)
    upstream.on('error', () => client.destroy())
    client.on('close', () => {
      this.#clients.delete(client)
      upstream.destroy()
    })
    client.pipe(upstream)
    upstream.on('data', (chunk: Buffer) => this.#pass(client, chunk))
    upstream.on('end', () => client.end())
  }

  #pass(client: net.Socket, chunk: Buffer): void {
    client.write(chunk.subarray(0, Math.max(0, this.#leftBytes)))
    this.#leftBytes -= chunk.length
    if (!this.hasBroken) return
    for (const each of this.#clients) this.#break(each)
  }

  #break(client: net.Socket): void {
    client.unpipe()
    // What it still says is of no interest; unread bytes would make a RST of the FIN.
    client.resume()
    switch (this.#manner) {
      case 'closes':
        client.end()
        break
      case 'resets':
        client.resetAndDestroy()
        break
      case 'speaks TLS':
        client.end(TLS_ALERT)
        break
    }
  }
}
