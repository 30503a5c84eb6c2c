import {once} from 'node:events'
import net from 'node:net'

type Manner =
  /** Cuts every connection and takes no new one. */
  | 'dies'
  /** Reads on and answers nothing more. */
  | 'falls silent'

/**
 * An instrument: a server of its own that knows sets and gets of keys that
 * are not there, counts what it answers, and stops serving at a time.
 */
export class MortalServer {
  readonly address: {readonly host: string; readonly port: number}
  /** Replies that it has written. */
  answered = 0
  /** When the first request came, and when it served the last; on performance.now(). */
  firstMs: number | null = null
  lastMs: number | null = null
  readonly #server: net.Server
  readonly #sockets = new Set<net.Socket>()
  readonly #servesMs: number
  readonly #manner: Manner
  #isServing = true

  private constructor(server: net.Server, {servesMs, manner}: {servesMs: number; manner: Manner}) {
    this.#server = server
    this.#servesMs = servesMs
    this.#manner = manner
    this.address = {host: '127.0.0.1', port: (server.address() as net.AddressInfo).port}
    server.on('connection', socket => this.#serve(socket))
  }

  /** @param servesMs from its first request on */
  static async open(options: {servesMs: number; manner: Manner}): Promise<MortalServer> {
    const server = net.createServer({noDelay: true}).listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new MortalServer(server, options)
  }

  close(): void {
    this.#server.close()
    for (const socket of this.#sockets) socket.destroy()
  }

  #serve(socket: net.Socket): void {
    this.#sockets.add(socket)
    socket.on('error', () => {})
    let rest = ''
    socket.on('data', chunk => {
      // Before a load it is asked whether it is a memcached.
      if (this.firstMs === null && chunk.toString('latin1') === 'version\r\n') {
        socket.write('VERSION 1.6.18\r\n')
        return
      }
      this.#begin()
      if (!this.#isServing) return
      const lines = (rest + chunk.toString('latin1')).split('\r\n')
      rest = lines.pop()!
      // The lines of values are zeros: they begin with neither word.
      const replies = lines.flatMap(line => (line.startsWith('set ') ? 'STORED' : line.startsWith('get ') ? 'END' : []))
      if (replies.length === 0) return
      this.answered += replies.length
      this.lastMs = performance.now()
      socket.write(`${replies.join('\r\n')}\r\n`)
    })
  }

  #begin(): void {
    if (this.firstMs !== null) return
    this.firstMs = performance.now()
    const stop = (): void => {
      this.#isServing = false
      if (this.#manner === 'dies') this.close()
    }
    if (this.#servesMs === 0) stop()
    else setTimeout(stop, this.#servesMs)
  }
}
