import {once} from 'node:events'
import {type AddressInfo, createServer, type Server, type Socket} from 'node:net'
import type {Address} from '../../src/protocol/address.js'

/** A server that does what a test says, byte by byte. */
export class ScriptedServer {
  readonly address: Address
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #received = ''

  static async listen(onData: (text: string, socket: Socket) => void = () => {}): Promise<ScriptedServer> {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new ScriptedServer(server, onData)
  }

  private constructor(server: Server, onData: (text: string, socket: Socket) => void) {
    this.#server = server
    this.address = {host: '127.0.0.1', port: (server.address() as AddressInfo).port}
    server.on('connection', socket => {
      this.#sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', chunk => {
        const text = chunk.toString('latin1')
        this.#received += text
        onData(text, socket)
      })
    })
  }

  /** Everything that came, from all connections, as latin1. */
  received(): string {
    return this.#received
  }

  connections(): number {
    return this.#sockets.size
  }

  openConnections(): number {
    return [...this.#sockets].filter(({destroyed}) => !destroyed).length
  }

  /** What the clients have not taken yet. */
  unsentBytes(): number {
    return [...this.#sockets].reduce((sum, socket) => sum + socket.writableLength, 0)
  }

  send(text: string): void {
    for (const socket of this.#sockets) socket.write(Buffer.from(text, 'latin1'))
  }

  /** Closes every connection as a server does that exits. */
  disconnect(): void {
    for (const socket of this.#sockets) socket.end()
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
